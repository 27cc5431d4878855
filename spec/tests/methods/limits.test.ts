import { describe, expect, test } from 'vitest';
import {
  asSolver,
  bfgs,
  gradientDescent,
  leastSquares,
  levenbergMarquardt,
  minimize,
  type RunOptions,
  type RunStep,
  rosenbrock,
} from '../../../src/index.js';

const valley = rosenbrock(2);
const start = [-1.2, 1];
type Limits = RunOptions<RunStep>;
const runs = {
  minimize: (limits: Limits) => minimize(valley, start, bfgs(), limits),
  leastSquares: (limits: Limits) => leastSquares(valley, start, levenbergMarquardt(), limits),
};

describe.each(['minimize', 'leastSquares'] as const)('%s', (runner) => {
  const run = (limits: Limits = {}) => {
    const values: number[] = [];
    const points: Float64Array[] = [];
    const result = runs[runner]({
      ...limits,
      onStep({ value, x }) {
        values.push(value);
        points.push(x.slice());
      },
    });
    const asked = result.evaluations as { value?: number; residuals?: number };
    return { ...result, values, points, asked: asked.value ?? asked.residuals! };
  };
  const free = run();

  test('names the gradient where that ended it', () => {
    expect(free.outcome).toMatchObject({ kind: 'converged', by: 'gradient' });
  });

  test('ends at the first iteration that changes the value by at most a fraction of it', () => {
    const tolerance = 0.3;
    const first = free.values.findIndex(
      (value, k) =>
        k > 0 && Math.abs(value - free.values[k - 1]) <= tolerance * Math.max(value, free.values[k - 1]),
    );
    const { outcome, iterations } = run({ valueTolerance: tolerance });
    expect(outcome).toMatchObject({ kind: 'converged', by: 'value' });
    expect(outcome.message).toBe('the iteration changed the value by at most 0.3 of it');
    expect(iterations).toBe(first);
  });

  test('ends at the first iteration that moves no variable by more than a fraction of the largest', () => {
    const tolerance = 0.05;
    const size = (x: Float64Array) => Math.max(...x.map(Math.abs));
    const first = free.points.findIndex(
      (x, k) => k > 0 && size(x.map((xi, i) => xi - free.points[k - 1][i])) <= tolerance * size(x),
    );
    const { outcome, iterations } = run({ stepTolerance: tolerance });
    expect(outcome).toMatchObject({ kind: 'converged', by: 'step' });
    expect(iterations).toBe(first);
  });

  test('ends after the iteration in which the evaluations are used up', () => {
    const { outcome, asked, iterations } = run({ maxEvaluations: 7 });
    expect(outcome).toEqual({
      kind: 'budget',
      message: 'all 7 evaluations were made without reaching the tolerance: allow more',
      by: 'evaluations',
    });
    expect(asked).toBeGreaterThanOrEqual(7);
    expect(run({ maxIterations: iterations - 1 }).asked).toBeLessThan(7);
  });

  test('ends after the iteration in which the seconds are used up, by the clock it is given', () => {
    let seconds = 100;
    const { outcome, iterations } = run({ maxSeconds: 2.5, clock: () => seconds++ });
    expect(outcome).toMatchObject({ kind: 'timeout', by: 'seconds' });
    expect(outcome.message).toBe('2.5 seconds passed without reaching the tolerance: allow more');
    // Read at the start of the run, where it stands then, and after each iteration.
    expect(iterations).toBe(2);
  });

  test('reads no clock unless seconds are limited', () => {
    const clock = () => {
      throw new Error('read');
    };
    expect(run({ clock }).outcome.kind).toBe('converged');
  });

  test('takes the same path under limits that are not reached', () => {
    const limits = { maxSeconds: 1e9, maxEvaluations: 1e9, valueTolerance: 1e-300, stepTolerance: 1e-300 };
    const limited = run(limits);
    expect(limited.points).toEqual(free.points);
    expect(limited.outcome).toEqual(free.outcome);
  });

  test('names the iterations', () => {
    expect(run({ maxIterations: 3 }).outcome).toMatchObject({ kind: 'budget', by: 'iterations' });
  });

  test.each([
    [{ maxSeconds: 0 }, 'maxSeconds): expected a number in (0, ∞], got 0'],
    [{ maxEvaluations: -1 }, 'maxEvaluations): expected a number in (0, ∞], got -1'],
    [{ valueTolerance: -1 }, 'valueTolerance): expected a number in [0, ∞), got -1'],
    [{ stepTolerance: Number.NaN }, 'stepTolerance): expected a number in [0, ∞), got NaN'],
    [{ clock: 5 as never }, '(clock): expected a function, got 5'],
  ])('%o is misuse', (limits, message) => {
    expect(() => run(limits)).toThrow(message);
  });
});

test('a run that grew by far has diverged, whichever limit ends it', () => {
  const { outcome } = minimize(valley, start, asSolver(gradientDescent({ learningRate: 1 })), {
    maxEvaluations: 4,
  });
  expect(outcome.kind).toBe('diverged');
});
