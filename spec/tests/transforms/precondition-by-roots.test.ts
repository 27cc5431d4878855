import { describe, expect, it } from 'vitest';
import { float64 } from '../../../src/algebra/float64.js';
import type { Algebra, State } from '../../../src/index.js';
import {
  adam,
  fromFunction,
  type Method,
  quadratic,
  Random,
  shampoo,
  shampooForVisionTransformer,
  type Tree,
} from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import { numbers, run } from '../methods/plain-loop.js';

/** Steps a method with given gradients of one leaf; the updates. */
function updates<T>(
  algebra: Algebra<T>,
  method: Method,
  shape: readonly number[],
  gradients: readonly (readonly number[])[],
) {
  return algebra.scope(() => {
    const parameters: Tree<T> = { kernel: algebra.fill(shape, 1) };
    let state: State<T> = method.init(parameters, algebra);
    return gradients.map((values, step) => {
      const gradient = { kernel: algebra.array(values, shape) };
      const next = method.update(
        {
          algebra,
          gradient,
          update: gradient,
          parameters,
          loss: algebra.fill([], 1),
          step,
          random: new Random(1),
        },
        state,
      );
      state = next.state;
      const { kernel } = next.update as { kernel: T };
      return { values: [...algebra.values(kernel)], outcome: next.outcome };
    });
  });
}

const wave = (n: number, k: number) => Array.from({ length: n }, (_, i) => Math.sin(i * (k + 1) + k));

describe('shampoo', () => {
  it("is Adam bit for bit before it starts, and has Adam's length after", () => {
    const problem = fromFunction(quadratic(3, 10));
    const before = run(shampoo({ start: 100 }), problem, 20).points[20];
    expect(numbers(before)).toEqual(numbers(run(adam({ learningRate: 0.003 }), problem, 20).points[20]));
  });

  it('takes a tensor of three axes with exponent −1/6 a side: its first step on one entry is a sign', () => {
    const bare = { beta1: 0, epsilon: 0, graft: 'none', every: 1, learningRate: 1 } as const;
    const gradient = Array(24).fill(0);
    gradient[17] = -5;
    const [first] = updates(float64, shampoo({ ...bare, block: 4 }), [2, 3, 4], [gradient]);
    first.values.forEach((u, i) => {
      expect(u).toBeCloseTo(i === 17 ? 1 : 0, 12);
    });
  });

  it('as published for the vision transformer, with roots on the device, is near the roots of the host', async () => {
    await useBackend('wasm');
    const gradients = [0, 1, 2].map((k) => wave(30, k));
    const before = tensors.live();
    const got = updates(tensors, shampoo(shampooForVisionTransformer), [6, 5], gradients);
    expect(tensors.live()).toBe(before);
    const want = updates(
      float64,
      shampoo({ ...shampooForVisionTransformer, root: 'eigen' }),
      [6, 5],
      gradients,
    );
    const size = Math.max(...want.flatMap(({ values }) => values.map(Math.abs)));
    got.forEach(({ values }, step) => {
      // κ = 10⁶ of the ridge, and a fourth root: float32 keeps about a digit of the smallest eigenvalues' share.
      values.forEach((u, i) => {
        expect(Math.abs(u - want[step].values[i])).toBeLessThan(0.05 * size);
      });
    });
  });

  it('ends with the name of the parameter whose statistics overflow', () => {
    const [first, second] = updates(
      float64,
      shampoo({ every: 1 }),
      [2, 2],
      [wave(4, 0), Array(4).fill(1e200)],
    );
    expect(first.outcome).toBeUndefined();
    expect(second.outcome).toMatchObject({
      kind: 'nonFinite',
      message: 'The statistics of kernel are not finite at step 1.',
      stage: 'preconditionByRoots',
    });
  });

  it('keeps a basis that fits, and takes nearly the steps of fresh ones', () => {
    const gradients = Array.from({ length: 6 }, (_, k) =>
      wave(12, 0).map((g, i) => g + 0.01 * wave(12, k)[i]),
    );
    const options = { every: 1, graft: 'none', beta2: 0.9, epsilon: 1e-2 } as const;
    const fresh = updates(float64, shampoo(options), [4, 3], gradients);
    const kept = updates(float64, shampoo({ ...options, tolerance: 0.1 }), [4, 3], gradients);
    const difference = (step: number) =>
      Math.hypot(...kept[step].values.map((u, i) => u - fresh[step].values[i])) /
      Math.hypot(...fresh[step].values);
    expect(difference(0)).toBeLessThan(1e-12);
    expect(difference(5)).toBeGreaterThan(1e-12); // it is another basis
    expect(difference(5)).toBeLessThan(0.1);
  });
});
