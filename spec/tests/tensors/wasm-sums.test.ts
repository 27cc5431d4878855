import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { useBackend } from '../../../src/tensors/index.js';
import { seed } from '../../seed.js';

const ε = 2 ** -23;

beforeAll(() => useBackend('wasm', { threads: 2 }));

/** Σ x and Σ |x| over the axes, in float64. */
function naive(entries: Float32Array, shape: readonly number[], axes: readonly number[]) {
  const sums = new Map<string, { sum: number; size: number }>();
  entries.forEach((entry, at) => {
    let rest = at;
    const place = [...shape].reverse().map((length) => {
      const index = rest % length;
      rest = Math.floor(rest / length);
      return index;
    });
    const key = place
      .reverse()
      .filter((_, axis) => !axes.includes(axis))
      .join();
    const { sum, size } = sums.get(key) ?? { sum: 0, size: 0 };
    sums.set(key, { sum: sum + entry, size: size + Math.abs(entry) });
  });
  return [...sums.values()];
}

function agree(shape: number[], axes: number[], keepDims: boolean): void {
  const count = tf.util.sizeFromShape(shape);
  const entries = Float32Array.from(new Random(count).normals(count));
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = tf.tensor(entries, shape);
    const wanted = naive(entries, shape, axes);
    const terms = count / wanted.length;
    for (const [made, divisor] of [
      [tf.sum(x, axes, keepDims), 1],
      [tf.mean(x, axes, keepDims), terms],
    ] as const) {
      const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
      expect(made.shape).toEqual(keepDims ? kept : shape.filter((_, axis) => !axes.includes(axis)));
      made.dataSync().forEach((value, i) => {
        const { sum, size } = wanted[i];
        // Rows of partial sums at most, and rounding once more by dividing.
        expect(Math.abs(value - sum / divisor)).toBeLessThanOrEqual((ε * (terms + 2) * size) / divisor);
      });
    }
  });
  expect(tf.memory().numTensors).toBe(before);
}

describe('sums and means on WebAssembly', () => {
  it('agree with naive ones over any axes', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    const chosen = lengths.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()]), fc.boolean()),
    );
    fc.assert(
      fc.property(chosen, ([shape, axes, keepDims]) => {
        if (axes.length > 0) agree(shape, axes, keepDims);
      }),
      { seed, numRuns: 100 },
    );
  });

  it.each([
    [[4_097, 3], [0]],
    [[9_001, 1], [0]],
    [
      [5_000, 7],
      [0, 1],
    ],
    [[3, 70_001], [1]],
    [[131_072], [0]],
  ])('of shape %j over %j too, which are summed in pieces', (shape, axes) => {
    agree(shape, axes, false);
  });

  it('count beyond 2²⁴, where stock sums of ones come to a stop', () => {
    const n = 2 ** 24 + 2 ** 10;
    const x = tf.ones([n]);
    const counts = tf.tidy(() =>
      [tf.sum(x), tf.sum(tf.reshape(x, [n, 1]), 0), tf.mul(tf.mean(x), n)].map((y) => y.dataSync()[0]),
    );
    expect(counts).toEqual([n, n, n]);
    x.dispose();
  });

  it('pass NaN and ∞ on', () => {
    const sum = (...entries: number[]) => tf.tidy(() => tf.sum(tf.tensor1d(entries)).dataSync()[0]);
    expect(sum(1, Number.NaN, 2)).toBeNaN();
    expect(sum(1, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(sum(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBeNaN();
    expect(sum(3e38, 3e38)).toBe(Number.POSITIVE_INFINITY);
  });
});
