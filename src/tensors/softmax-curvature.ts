import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { drawn, type LossCurvature } from './loss.js';

/**
 * The curvature of softmax cross-entropy, example by example: H = (diag p − ppᵀ)/n, p = softmax(z), which is LLᵀ with
 * Lu = (√p∘u − p(√pᵀu))/√n. It annihilates the constant vector, and does not depend on the labels.
 *
 * Source: Martens and Grosse 2015, section 2; the factor as in kfac-jax.
 */
export const softmaxCurvature: LossCurvature = {
  terms: (outputs) => outputs.shape[0],
  product(outputs, v) {
    const p = tf.softmax(outputs);
    const pv = tf.mul(p, v);
    return tf.div(tf.sub(pv, tf.mul(p, tf.sum(pv, -1, true))), outputs.shape[0]);
  },
  factor(outputs, u) {
    const p = tf.softmax(outputs);
    const spread = tf.mul(tf.sqrt(p), u);
    return tf.div(tf.sub(spread, tf.mul(p, tf.sum(spread, -1, true))), Math.sqrt(outputs.shape[0]));
  },
  sampleLabels: (outputs: tf.Tensor, random: Random) => sampledClass(tf.softmax(outputs), random),
};

/**
 * The class at which each row's cumulative distribution passes a uniform number.
 *
 * @param p probabilities, [n, classes]
 */
export function sampledClass(p: tf.Tensor, random: Random): tf.Tensor1D {
  const [rows, classes] = p.shape;
  const u = drawn([rows, 1], () => random.uniform(), tf.tensor);
  const passed = tf.sum(tf.cast(tf.lessEqual(tf.cumsum(p, 1), u), 'int32'), 1);
  return tf.minimum(passed, tf.scalar(classes - 1, 'int32')); // rounding may leave the last sum below 1
}
