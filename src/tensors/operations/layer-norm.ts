import * as tensorflow from '@tensorflow/tfjs';
import { compute, type Fused } from './fused.js';

/** Inputs x [n, d], scale [d], bias [d]; attribute epsilon. */
export const layerNormOperation: Fused = {
  name: 'FluxionLayerNorm',
  inputs: ['x', 'scale', 'bias'],
  composed(tf, [x, scale, bias], { epsilon }) {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon as number))), scale), bias);
  },
};

/**
 * Layer normalisation of each row: y = scale·(x − μ)/√(σ² + ε) + bias, with μ and σ² of that row.
 *
 * Source: Ba, Kiros & Hinton 2016, equation 4; ε = 10⁻⁶ as in flax.
 *
 * @param x [n, d]
 * @param scale [d]
 * @param bias [d]
 * @throws RangeError on other shapes
 * @example layerNorm(tf.tensor2d([[1, 3]]), tf.tensor1d([1, 1]), tf.tensor1d([0, 0])) // [[−1, 1]]
 */
export function layerNorm(
  x: tensorflow.Tensor,
  scale: tensorflow.Tensor,
  bias: tensorflow.Tensor,
  epsilon = 1e-6,
): tensorflow.Tensor {
  for (const [name, row] of Object.entries({ scale, bias })) {
    if (x.rank !== 2 || row.rank !== 1 || row.shape[0] !== x.shape[1]) {
      throw new RangeError(
        `layerNorm(${name}): expected shapes [n, d] and [d], got [${x.shape}] and [${row.shape}]`,
      );
    }
  }
  return compute(tensorflow, layerNormOperation, [x, scale, bias], { epsilon });
}
