import * as tensorflow from '@tensorflow/tfjs';
import { dropoutOperation } from './dropout.js';
import { compute, type Fused } from './fused.js';

type Tensor = tensorflow.Tensor;

/** What attention is besides its tensors. */
export interface AttentionAttributes {
  readonly tokens: number;
  readonly heads: number;
  readonly rate: number;
  readonly seed: number;
}

/** Inputs q, k, v, each [n·tokens, heads·d]. */
export const attentionOperation: Fused = {
  name: 'FluxionAttention',
  inputs: ['q', 'k', 'v'],
  composed(tf, [q, k, v], attrs) {
    const { tokens, heads, rate, seed } = attrs as unknown as AttentionAttributes;
    const width = q.shape[1] as number;
    const split = (x: Tensor) =>
      tf.transpose(tf.reshape(x, [-1, tokens, heads, width / heads]), [0, 2, 1, 3]);
    const scores = tf.matMul(tf.mul(split(q), Math.sqrt(heads / width)), split(k), false, true);
    const weights = tf.softmax(scores);
    const kept = rate === 0 ? weights : compute(tf, dropoutOperation, [weights], { rate, seed });
    return tf.reshape(tf.transpose(tf.matMul(kept, split(v)), [0, 2, 1, 3]), q.shape);
  },
};

/**
 * Attention of several heads over the tokens of each example: for each head, softmax(q·kᵀ/√d)·v.
 *
 * Source: Vaswani et al. 2017, equation 1; dropout of the weights, drawn by position from `seed`.
 *
 * @param q [n·tokens, heads·d]; k and v alike
 * @throws RangeError where the shapes differ, or are no whole multiples of tokens and heads
 * @example attention(q, k, v, { tokens: 17, heads: 4, rate: 0, seed: 0 })
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, attributes: AttentionAttributes): Tensor {
  const { tokens, heads } = attributes;
  const [rows, width] = q.shape;
  if (q.rank !== 2 || rows % tokens !== 0 || width % heads !== 0) {
    throw new RangeError(`attention(q): expected shape [n·${tokens}, ${heads}·d], got [${q.shape}]`);
  }
  for (const [name, other] of Object.entries({ k, v })) {
    if (!tensorflow.util.arraysEqual(other.shape, q.shape)) {
      throw new RangeError(`attention(${name}): expected shape [${q.shape}], got [${other.shape}]`);
    }
  }
  return compute(tensorflow, attentionOperation, [q, k, v], { ...attributes });
}
