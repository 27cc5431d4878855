import type * as tf from '@tensorflow/tfjs';

/** Examples on the device. */
export interface Batch {
  /** [n, features], float32. */
  readonly inputs: tf.Tensor;
  /** Classes as int32 [n], or targets as float32 [n, outputs]. */
  readonly labels: tf.Tensor;
  /** Of what is random in training on this batch, the same each time it is evaluated: a whole number. */
  readonly seed?: number;
}
