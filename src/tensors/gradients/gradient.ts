import type * as tf from '@tensorflow/tfjs';

/** A copy of TensorFlow.js. */
export type Tf = typeof tf;

/** How one kernel is differentiated, by operations that can be differentiated themselves. */
export type Gradient = tf.GradConfig;

/** The repaired gradients of a family of kernels, computed by the copy of TensorFlow.js given. */
export type Family = (tf: Tf) => readonly Gradient[];
