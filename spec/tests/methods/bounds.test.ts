import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Bounds,
  bfgs,
  booth,
  gaussNewton,
  lbfgs,
  lbfgsb,
  leastSquares,
  levenbergMarquardt,
  minimize,
  projectedNewton,
  rosenbrock,
} from '../../../src/index.js';
import {
  boundedProblems,
  fitLimits,
  isSolved,
  type Recorded,
  reachedBy,
  recordFile,
} from '../../bench/bounded/contest.js';
import { boundedSums } from '../../bench/bounded/sums.js';

const recorded: Recorded = JSON.parse(readFileSync(recordFile, 'utf8'));
const of = (name: string) => recorded.problems.find((one) => one.name === name)!;
const limits = { gradientTolerance: 1e-8, maxIterations: 10_000 };

describe('the bounded problems', () => {
  test('are at least 20, each with figures of SciPy', () => {
    expect(boundedProblems.length).toBeGreaterThanOrEqual(20);
    expect(recorded.problems.map(({ name }) => name)).toEqual(boundedProblems.map(({ name }) => name));
  });

  test.each(boundedProblems)('$name has the gradient of its value', (problem) => {
    const inside = Float64Array.from(problem.start, (xi, i) => {
      const [l, u] = [Math.max(problem.bounds.lower[i], xi - 1), Math.min(problem.bounds.upper[i], xi + 1)];
      return l + (u - l) * (0.3 + 0.4 * ((i * 0.618) % 1));
    });
    const gradient = problem.gradient(inside);
    const scale = Math.max(...gradient.map(Math.abs));
    for (let i = 0; i < inside.length; i++) {
      const h = 2 ** -19 * Math.max(2 ** -6, Math.abs(inside[i]));
      const at = (by: number) => problem.value(inside.map((xi, k) => (k === i ? xi + by : xi)));
      // Truncation is h²f‴, and rounding a few ε|f|/h.
      expect(Math.abs((at(h) - at(-h)) / (2 * h) - gradient[i])).toBeLessThan(
        1e-6 * scale + (32 * Number.EPSILON * Math.abs(at(0))) / h,
      );
    }
  });

  test.each(boundedProblems)('$name is solved by lbfgsb where SciPy’s L-BFGS-B solves it', (problem) => {
    const scipy = of(problem.name);
    const { value, x, outcome } = minimize(problem, problem.start, lbfgsb(), {
      ...limits,
      bounds: problem.bounds,
    });
    expect(outcome.kind).toBe('converged');
    x.forEach((xi, i) => {
      expect(xi).toBeGreaterThanOrEqual(problem.bounds.lower[i]);
      expect(xi).toBeLessThanOrEqual(problem.bounds.upper[i]);
    });
    if (isSolved(problem, scipy.lbfgsb!.value, scipy)) expect(isSolved(problem, value, scipy)).toBe(true);
  });

  test('take lbfgsb no more evaluations than SciPy, in all that SciPy solves', () => {
    let [ours, theirs] = [0, 0];
    for (const problem of boundedProblems) {
      const scipy = of(problem.name);
      if (!isSolved(problem, scipy.lbfgsb!.value, scipy)) continue;
      ours += minimize(problem, problem.start, lbfgsb(), { ...limits, bounds: problem.bounds }).evaluations
        .value;
      theirs += scipy.lbfgsb!.evaluations;
    }
    expect(ours).toBeLessThanOrEqual(theirs);
  });
});

describe('the sums of squares, by levenbergMarquardt', () => {
  test.each(boundedSums)('$name is solved where SciPy’s trf solves it', (problem) => {
    const scipy = of(problem.name);
    const asked: Float64Array[] = [];
    const residuals = (x: Float64Array) => {
      asked.push(x.slice());
      return problem.residuals(x);
    };
    const { jacobian } = problem;
    for (const given of [{ residuals, jacobian }, { residuals }]) {
      const fit = leastSquares(given, problem.start, levenbergMarquardt(), {
        ...fitLimits,
        bounds: problem.bounds,
      });
      expect(fit.outcome.kind).toBe('converged');
      // trf goes on for all its 10,000 evaluations on this one, to another minimum.
      if (problem.name === 'trigonometric10 boxed') continue;
      if (isSolved(problem, scipy.trf!.value, scipy)) {
        expect(isSolved(problem, 2 * fit.value, scipy)).toBe(true);
      }
    }
    const { lower, upper } = problem.bounds;
    expect(asked.every((x) => x.every((xi, i) => xi >= lower[i] && xi <= upper[i]))).toBe(true);
  });

  /** SciPy 1.17.1's trf is at the 22 minima that all reach after 339 residuals and 290 Jacobians (npm run bench -- bounded). */
  test('they are reached with no more evaluations than trf asks for', () => {
    const both = boundedSums.filter(
      ({ name }) => !['hs2', 'brownDennis4 boxed', 'trigonometric10 boxed'].includes(name),
    );
    expect(both).toHaveLength(22);
    const total = (options: object) =>
      both
        .map((problem) => reachedBy(problem, options, of(problem.name))!)
        .reduce((sum, one) => [sum[0] + one.residuals, sum[1] + one.jacobian], [0, 0]);
    const straight = total({ acceleration: false });
    expect(straight[0]).toBeLessThanOrEqual(339);
    expect(straight[1]).toBeLessThanOrEqual(290);
    // Following the bend asks for residuals once more a step, and for fewer Jacobians.
    expect(total({})[1]).toBeLessThanOrEqual(290);
  });

  test('fixed parameters stay, and a robust loss is held by bounds too', () => {
    const fit = leastSquares(rosenbrock(2), [-1.2, 1], levenbergMarquardt(), {
      bounds: { lower: [-1.2, 0], upper: [-1.2, 2] },
      loss: 'softL1',
    });
    expect(fit.outcome.kind).toBe('converged');
    expect(fit.x[0]).toBe(-1.2);
    expect(fit.x[1]).toBeCloseTo(1.44, 6);
  });

  test('gaussNewton refuses bounds, a start outside is refused or moved', () => {
    const bounds = { lower: 0 };
    expect(() => leastSquares(rosenbrock(2), [1, 1], gaussNewton(), { bounds })).toThrow(
      'leastSquares(bounds): expected a solver that holds bounds, levenbergMarquardt(), got gaussNewton',
    );
    expect(() => leastSquares(rosenbrock(2), [-1, 1], levenbergMarquardt(), { bounds })).toThrow(
      'leastSquares(start): expected a number in [0, Infinity], got -1 at index 0',
    );
    const moved = { ...bounds, outside: 'moved' as const };
    expect(leastSquares(rosenbrock(2), [-1, 1], levenbergMarquardt(), { bounds: moved }).x[0]).toBeCloseTo(
      1,
      8,
    );
  });
});

describe.each([lbfgsb(), projectedNewton()])('$name', (solver) => {
  test('keeps what is fixed, and frees what was at a bound', () => {
    const { x, outcome } = minimize(rosenbrock(3), [-1.2, 1, 2], solver, {
      bounds: { lower: [-1.2, -5, 2], upper: [-1.2, 5, 9] },
    });
    expect(outcome.kind).toBe('converged');
    expect(x[0]).toBe(-1.2);
    // ∂f/∂x₁ = 200(x₁ − 1.44) − 400x₁(x₂ − x₁²) − 2(1 − x₁) = 0 with x₂ = x₁² inside its bounds.
    const { gradient } = rosenbrock(3);
    expect(Math.abs(gradient(x)[1])).toBeLessThan(1e-8);
  });

  test('ends at once where nothing is free', () => {
    const { x, iterations, outcome } = minimize(booth(), [1, 2], solver, {
      bounds: { lower: [1, 2], upper: [1, 2] },
    });
    expect([...x]).toEqual([1, 2]);
    expect(iterations).toBe(0);
    expect(outcome.kind).toBe('converged');
  });

  test('moves a start inside where that is asked for', () => {
    const { x } = minimize(booth(), [9, -9], solver, { bounds: { lower: 0, upper: 2, outside: 'moved' } });
    // booth is 0 at (1, 3); on y = 2 it is least at x = 9/5.
    expect(x[0]).toBeCloseTo(1.8, 8);
    expect(x[1]).toBe(2);
  });

  test('has no bounds unless they are given', () => {
    expect(minimize(booth(), [9, -9], solver).x[1]).toBeCloseTo(3, 7);
    expect(minimize(booth(), [9, -9], solver, { bounds: {} }).x[1]).toBeCloseTo(3, 7);
  });
});

describe('misuse', () => {
  const run = (bounds: Bounds, start = [0.5, 0.5]) => minimize(booth(), start, lbfgsb(), { bounds });
  test.each<[string, () => unknown, string]>([
    [
      'a solver that holds none',
      () => minimize(booth(), [1, 1], lbfgs(), { bounds: { lower: 0 } }),
      'minimize(bounds): expected a solver that holds bounds, lbfgsb() or projectedNewton(), got lbfgs',
    ],
    ['another one', () => minimize(booth(), [1, 1], bfgs(), { bounds: { lower: 0 } }), 'got bfgs'],
    [
      'crossed bounds',
      () => run({ lower: [0, 2], upper: 1 }),
      'expected lower ≤ upper, got 2 > 1 at index 1',
    ],
    [
      'NaN',
      () => run({ lower: [0, Number.NaN] }),
      'minimize(bounds.lower): expected numbers, or -Infinity for none, got NaN at index 1',
    ],
    [
      'a lower bound of ∞',
      () => run({ lower: Number.POSITIVE_INFINITY }),
      'minimize(bounds.lower): expected numbers, or -Infinity for none, got Infinity at index 0',
    ],
    ['too few', () => run({ upper: [1] }), 'minimize(bounds.upper): expected a number or a list of 2, got 1'],
    ['a word', () => run({ upper: 'ab' as never }), "expected a number or a list of 2, got 'ab'"],
    ['null', () => run({ upper: null as never }), 'expected a number or a list of 2, got null'],
    ['text in a list', () => run({ upper: ['1', 2] as never }), "got '1' at index 0"],
    ['pairs', () => run([[0, 1]] as never), 'minimize(bounds)(0): expected one of lower, upper, outside'],
    ['nothing', () => run(null as never), 'minimize(bounds)(options): expected an object, got null'],
    [
      'a start outside',
      () => run({ lower: 0 }, [-1, 1]),
      "minimize(start): expected a number in [0, Infinity], got -1 at index 0; bounds.outside = 'moved' moves it inside",
    ],
    [
      'a rule for it that there is none',
      () => run({ lower: 0, outside: 'clip' as never }),
      "minimize(bounds.outside): expected 'refused' or 'moved', got 'clip'",
    ],
  ])('%s is refused in words', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
