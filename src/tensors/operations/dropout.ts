import * as tensorflow from '@tensorflow/tfjs';
import type { Family } from '../gradients/gradient.js';
import { compute, type Fused } from './fused.js';

type Tensor = tensorflow.Tensor;

/** Input x; attributes rate and seed. */
export const dropoutOperation: Fused = {
  name: 'FluxionDropout',
  inputs: ['x'],
  composed(tf, [x], attrs) {
    const { rate, seed } = attrs as { rate: number; seed: number };
    const factors = new Float32Array(x.size);
    for (let i = 0; i < factors.length; i++) factors[i] = keeps(i, seed, rate) ? 1 / (1 - rate) : 0;
    return tf.mul(x, tf.tensor(factors, x.shape));
  },
};

/** Linear in x, so that the gradient is the same operation on dy. */
export const dropoutGradients: Family = (tf) => [
  {
    kernelName: dropoutOperation.name,
    gradFunc: (dy, _, attrs) => ({
      x: () => tf.engine().runKernel(dropoutOperation.name, { x: dy as Tensor }, attrs),
    }),
  },
];

/**
 * Whether entry i is kept: 24 bits of a hash of i and the seed, as a number in [0, 1), are at least the rate.
 *
 * The hash is the finalizer of MurmurHash3 (Appleby 2011), which lets each bit of its argument change each bit of
 * the result about every other time.
 */
function keeps(i: number, seed: number, rate: number): boolean {
  let hash = Math.imul(i, 0x9e3779b1) ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 8 >= rate * 2 ** 24;
}

/**
 * Sets each entry to 0 with probability `rate`, and divides the others by 1 − rate.
 *
 * Which entries these are depends on the seed and their position alone: the same on every backend, and in every
 * evaluation of one batch.
 *
 * Source: Srivastava et al. 2014, section 10 (inverted dropout).
 *
 * @param rate in [0, 1)
 * @param seed a whole number
 * @example dropout(tf.ones([4]), 0.5, 7) // entries 0 and 2
 */
export function dropout(x: Tensor, rate: number, seed: number): Tensor {
  return rate === 0 ? x : compute(tensorflow, dropoutOperation, [x], { rate, seed });
}
