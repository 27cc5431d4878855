import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bfgs, lbfgs, leaves, minimize, Random } from '../../../src/index.js';
import { flattenedLoss, mlp, squaredError, tensors, useBackend } from '../../../src/tensors/index.js';

/** 2-8-1 with tanh: 33 parameters, fitted to sin(3u)·v on a grid of 25 points. */
const model = mlp([2, 8, 1], { activation: 'tanh' });
const inputs = () =>
  tensors.array(
    Array.from({ length: 50 }, (_, i) =>
      i % 2 === 0 ? (Math.floor(i / 10) - 2) / 2 : (((i - 1) / 2) % 5) / 2 - 1,
    ),
    [25, 2],
  );

describe('flattenedLoss', () => {
  let before = 0;
  beforeAll(async () => {
    await useBackend('cpu');
  });
  beforeEach(() => {
    before = tensors.live();
  });
  afterEach(() => {
    expect(tensors.live()).toBe(before);
  });

  it('fits a perceptron by L-BFGS and BFGS, and gives its parameters back', () => {
    const x = inputs();
    const y = tf.tidy(() => tf.mul(tf.sin(tf.mul(x.slice([0, 0], [25, 1]), 3)), x.slice([0, 1], [25, 1])));
    const start = model.start(new Random(3));
    const flat = flattenedLoss((parameters) => squaredError(model.outputsOf(parameters, x), y), start);
    expect(flat.start).toHaveLength(33);
    const first = flat.value(flat.start);
    for (const solver of [lbfgs(), bfgs()]) {
      const result = minimize(flat, flat.start, solver, { gradientTolerance: 1e-4, maxIterations: 400 });
      expect(result.value).toBeLessThan(first / 100);
      expect(result.derivatives.gradient).toBe('given');
      const found = flat.parameters(result.x);
      const again = tensors.scope(() => squaredError(model.outputsOf(found, x), y));
      expect(tensors.number(again)).toBe(result.value); // the same float32 operations on the same numbers
      expect(leaves(tensors, found).map(({ shape }) => shape)).toEqual(
        leaves(tensors, start).map(({ shape }) => shape),
      );
      for (const leaf of [...leaves(tensors, found), again]) tensors.release(leaf);
    }
    for (const leaf of [...leaves(tensors, start), x, y]) tensors.release(leaf);
  });

  it('has the gradient of the loss, leaf by leaf, from one pass for value and gradient', () => {
    const start = { b: tensors.array([1, 2], [2]), a: tensors.array([3], []) };
    let passes = 0;
    const flat = flattenedLoss(({ a, b }: { a: tf.Tensor; b: tf.Tensor }) => {
      passes++;
      return tf.add(tf.mul(a, tf.sum(tf.square(b))), a);
    }, start);
    const order = leaves(tensors, start).map((leaf) => leaf.rank);
    const x = Float64Array.from(order.flatMap((rank) => (rank === 0 ? [5] : [-1, 4])));
    expect(flat.value(x)).toBe(5 * 17 + 5);
    const expected = order.flatMap((rank) => (rank === 0 ? [18] : [2 * 5 * -1, 2 * 5 * 4]));
    expect(Array.from(flat.gradient(x))).toEqual(expected);
    expect(passes).toBe(1);
    for (const leaf of leaves(tensors, start)) tensors.release(leaf);
  });

  it('refuses a vector of another length', () => {
    const slope = tensors.array([1], []);
    const flat = flattenedLoss((parameter: tf.Tensor) => tf.square(parameter), slope);
    expect(() => flat.parameters([1, 2])).toThrow('flattenedLoss(x): expected 1 numbers, got 2');
    tensors.release(slope);
  });
});
