import { describe, expect, it } from 'vitest';
import type { Algebra } from '../../../src/index.js';
import {
  float64,
  psgdKron,
  publishedOptions,
  Random,
  SavedArray,
  type State,
  type Tree,
} from '../../../src/index.js';
import type { PsgdKronOptions } from '../../../src/methods/psgd-kron.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import { psgdKronOracle } from '../../oracles/psgd-kron.js';
import { flat } from '../../subjects/point.js';
import { ride } from '../../subjects/trajectory.js';

const wave = (n: number, k: number) => Array.from({ length: n }, (_, i) => Math.sin(i * (k + 1) + k + 0.5));

/** The updates of one leaf under given gradients. */
function updates<T>(
  algebra: Algebra<T>,
  options: PsgdKronOptions,
  shape: readonly number[],
  gradients: readonly (readonly number[])[],
) {
  const method = psgdKron(options);
  return algebra.scope(() => {
    const parameters: Tree<T> = { kernel: algebra.fill(shape, 1) };
    let state: State<T> = method.init(parameters, algebra);
    return gradients.map((values, step) => {
      const gradient = { kernel: algebra.array(values, shape) };
      const random = new Random(step);
      const loss = algebra.fill([], 1);
      const next = method.update(
        { algebra, gradient, update: gradient, parameters, loss, step, random },
        state,
      );
      state = next.state;
      return { values: [...algebra.values((next.update as { kernel: T }).kernel)], outcome: next.outcome };
    });
  });
}

describe('psgdKron', () => {
  it('takes tensors of any rank, sides above the longest by a diagonal: as one whole matrix Q does', () => {
    for (const [shape, longest] of [
      [[2, 3, 2], 512],
      [[2, 3, 2], 2],
      [[3, 1, 2, 2], 0],
    ] as [number[], number][]) {
      const size = shape.reduce((a, b) => a * b, 1);
      const options = { longest, every: 2, warmup: 3, learningRate: 1 } as const;
      const gradients = [0, 1, 2, 3, 4].map((k) => wave(size, k));
      const points = gradients.map((g) => [new SavedArray(shape, Float64Array.from(g))]);
      const naive = ride(
        psgdKronOracle.create(options),
        { start: points[0], gradients: points },
        2 ** -52,
      ).updates.map(flat);
      updates(float64, options, shape, gradients).forEach(({ values }, step) => {
        values.forEach((u, i) => {
          expect(u, `${shape}, update ${step}`).toBeCloseTo(naive[step][i], 10);
        });
      });
    }
  });

  it('sees through probes, on the average, what it sees without', () => {
    // One gradient and a small μ: the mean of many runs of one step.
    const gradients = [wave(6, 1)];
    const options = { learningRate: 1, beta: 0, factorRate: 0.01, initial: 1, most: 100 } as const;
    const [{ values: exact }] = updates(float64, options, [3, 2], gradients);
    const method = psgdKron({ ...options, probe: 'normal' });
    const runs = 4000;
    const mean = exact.map(() => 0);
    for (let seed = 0; seed < runs; seed++) {
      const gradient = float64.array(gradients[0], [3, 2]);
      const { update } = method.update(
        {
          algebra: float64,
          gradient,
          update: gradient,
          parameters: gradient,
          loss: float64.fill([], 0),
          step: 0,
          random: new Random(seed),
        },
        method.init(gradient, float64),
      );
      float64.values(update as typeof gradient).forEach((u, i) => {
        mean[i] += u / runs;
      });
    }
    // ℓ depends on the probe too, so that means agree to a part of the step of the factors, not to rounding.
    mean.forEach((u, i) => {
      expect(Math.abs(u - exact[i]), `entry ${i}`).toBeLessThan(0.01 * Math.max(...exact.map(Math.abs)));
    });
  });

  it('is the same on tensors, and leaves none behind, as published too', async () => {
    await useBackend('wasm');
    const gradients = [0, 1, 2, 3].map((k) => wave(20, k));
    for (const options of [{ learningRate: 1 }, publishedOptions.psgdKron]) {
      const before = tensors.live();
      const got = updates(tensors, options, [5, 4], gradients);
      expect(tensors.live()).toBe(before);
      const want = updates(float64, options, [5, 4], gradients);
      const size = Math.max(...want.flatMap(({ values }) => values.map(Math.abs)));
      got.forEach(({ values }, step) => {
        values.forEach((u, i) => {
          expect(Math.abs(u - want[step].values[i])).toBeLessThan(1e-4 * size);
        });
      });
    }
  });

  it('ends with the name of the parameter whose factors are no longer finite', () => {
    const [first, second] = updates(float64, {}, [2, 2], [wave(4, 0), [1, Number.NaN, 1, 1]]);
    expect(first.outcome).toBeUndefined();
    expect(second.outcome).toMatchObject({
      kind: 'nonFinite',
      message: 'The factors of kernel are not finite at step 1.',
    });
  });
});
