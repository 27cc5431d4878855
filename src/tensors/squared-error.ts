import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { drawn } from './loss.js';

/**
 * Half the squared error, summed over the outputs, mean over the examples: L = (1/2n) Σᵢ ‖zᵢ − tᵢ‖².
 *
 * It is the negative log-likelihood of a Gaussian of variance 1, less ½ log 2π an output; its Hessian by
 * the outputs is I/n.
 *
 * @param outputs z, [n, outputs]
 * @param targets t, of the same shape
 * @throws RangeError where the shapes differ
 * @example squaredError(tf.tensor2d([[1, 2]]), tf.tensor2d([[1, 0]])) // 2
 */
export function squaredError(outputs: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  if (!tf.util.arraysEqual(outputs.shape, targets.shape)) {
    throw new RangeError(`squaredError(targets): expected shape [${outputs.shape}], got [${targets.shape}]`);
  }
  return tf.div(tf.sum(tf.squaredDifference(outputs, targets)), 2 * outputs.shape[0]);
}

squaredError.curvature = {
  terms: (outputs: tf.Tensor) => outputs.shape[0],
  product: (outputs: tf.Tensor, v: tf.Tensor) => tf.div(v, outputs.shape[0]),
  factor: (outputs: tf.Tensor, u: tf.Tensor) => tf.div(u, Math.sqrt(outputs.shape[0])),
  sampleLabels: (outputs: tf.Tensor, random: Random) =>
    tf.add(
      outputs,
      drawn(outputs.shape, () => random.normal(), tf.tensor),
    ),
};
