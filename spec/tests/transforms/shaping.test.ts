import { expect, test } from 'vitest';
import { float64, mapTree, Random } from '../../../src/index.js';
import {
  chain,
  clipByNorm,
  clipByValue,
  learningRate,
  momentum,
  sign,
  trustRatio,
  weightDecay,
} from '../../../src/transforms/index.js';
import { numbers, once, vector } from '../methods/plain-loop.js';

const apply = (transform: Parameters<typeof once>[0], u: number[], x: number[] = u) =>
  numbers(once(transform, vector(...u), vector(...x), float64).update);

test('clipByNorm measures the whole tree, keeps what is short and shortens what is long', () => {
  const tree = { a: vector(3), b: [vector(0, 4)] };
  const clipped = once(clipByNorm(1), tree, tree, float64).update as typeof tree;
  expect(numbers(clipped.a)[0]).toBeCloseTo(0.6, 15);
  expect(numbers(clipped.b[0])[1]).toBeCloseTo(0.8, 15);
  expect(apply(clipByNorm(5), [3, 4])).toEqual([3, 4]);
  expect(apply(clipByNorm(1), [0, 0])).toEqual([0, 0]);
  expect(once(clipByNorm(1), {}, {}, float64).update).toEqual({});
});

test('no clipping, and no trust ratio, hides an overflow or a NaN', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 1e200]) {
    expect(apply(clipByNorm(1), [wrong, 1])[0]).toBeNaN();
    expect(apply(trustRatio(), [wrong, 1], [1, 1])[0]).toBeNaN();
  }
  expect(apply(trustRatio(), [1, 1], [Number.NaN, 1])).toEqual([Number.NaN, Number.NaN]);
  expect(apply(clipByValue(1), [Number.NaN, 7, -7, 0.5])).toEqual([Number.NaN, 1, -1, 0.5]);
  expect(apply(sign(), [Number.NaN, 7, -7, 0])).toEqual([Number.NaN, 1, -1, 0]);
});

test('trustRatio makes an update as long as its weights, leaf by leaf, and leaves empty leaves alone', () => {
  const [long] = apply(trustRatio(), [0, 2], [3, 4]).slice(1);
  expect(long).toBe(5);
  expect(apply(trustRatio({ coefficient: 0.5 }), [0, 2], [3, 4])).toEqual([0, 2.5]);
  expect(apply(trustRatio({ epsilon: 2 }), [0, 2], [3, 4])).toEqual([0, 2.5]);
  expect(apply(trustRatio(), [1, 2], [0, 0])).toEqual([1, 2]);
  expect(apply(trustRatio(), [0, 0], [1, 2])).toEqual([0, 0]);
});

test('weight decay adds λ times the parameters before the step; order makes it coupled or not', () => {
  expect(apply(weightDecay(0.5), [1, 1], [4, -2])).toEqual([3, 0]);
  const [x, u] = [[4], [3]];
  expect(apply(chain(weightDecay(0.5), sign(), learningRate(1)), u, x)).toEqual([-1]);
  expect(apply(chain(sign(), weightDecay(0.5), learningRate(1)), u, x)).toEqual([-3]);
});

test.each([
  [() => clipByNorm(0), 'clipByNorm(most): expected a number in (0, ∞), got 0'],
  [() => clipByValue(-1), 'clipByValue(most): expected a number in (0, ∞), got -1'],
  [() => weightDecay(Number.NaN), 'weightDecay(lambda): expected a number in [0, ∞), got NaN'],
  [() => momentum(1), 'momentum(beta): expected a number in [0, 1), got 1'],
  [() => trustRatio({ eps: 1 } as never), 'trustRatio(eps): expected one of coefficient, epsilon'],
  [
    () => learningRate('fast' as never),
    "learningRate(rate): expected a number in [0, ∞) or a schedule, got 'fast'",
  ],
])('misuse %# is told at once', (wrong, message) => {
  expect(wrong).toThrow(message);
});

test('a chain in a chain is one chain, and an empty one is neutral', () => {
  const random = new Random(3);
  const parts = [clipByNorm(1), momentum(0.9), learningRate(0.1)];
  const flat = chain(...parts);
  const nested = chain(chain(), chain(parts[0], chain(parts[1])), parts[2], chain());
  const u = float64.array(random.normals(5), [5]);
  const states = [flat, nested].map((transform) => transform.init(u, float64));
  expect(states[1]).toEqual(states[0]);
  const steps = [flat, nested].map((transform, i) => once(transform, u, u, float64, states[i]));
  expect(steps[1]).toEqual(steps[0]);
  expect(mapTree(float64, (x) => x, once(chain(), u, u, float64).update)).toBe(u);
});
