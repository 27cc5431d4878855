import * as tensorflow from '@tensorflow/tfjs';
import { compute, type Fused } from './fused.js';

const slope = Math.sqrt(2 / Math.PI);

export const geluOperation: Fused = {
  name: 'FluxionGelu',
  inputs: ['x'],
  composed(tf, [x]) {
    const inner = tf.mul(slope, tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  },
};

/**
 * The Gaussian error linear unit in its tanh form: y = ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).
 *
 * Source: Hendrycks & Gimpel 2016, section 2.
 *
 * @example gelu(tf.tensor1d([-1, 0, 1])) // [−0.1588, 0, 0.8412]
 */
export function gelu(x: tensorflow.Tensor): tensorflow.Tensor {
  return compute(tensorflow, geluOperation, [x]);
}
