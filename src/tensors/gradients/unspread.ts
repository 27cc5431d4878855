import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;

/** The gradient of an operand that was spread over a larger shape: summed over where it was repeated. */
export function unspread(tf: Tf, dy: Tensor, shape: readonly number[]): Tensor {
  if (tf.util.arraysEqual(dy.shape, shape as number[])) return dy;
  const axes = tf.broadcast_util.getReductionAxes([...shape], dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, [...shape]);
}
