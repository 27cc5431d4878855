import * as tf from '@tensorflow/tfjs';

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
