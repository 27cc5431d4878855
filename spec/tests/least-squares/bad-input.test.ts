import { expect, test } from 'vitest';
import {
  gaussNewton,
  type LeastSquaresSolver,
  leastSquares,
  levenbergMarquardt,
  levenbergMarquardtNewton,
  minimize,
  ObjectiveError,
  type Residuals,
  regression,
} from '../../../src/index.js';
import { pseudoinverse } from '../../../src/linalg/pseudoinverse.js';
import { matrixVector } from '../../../src/linalg/vector.js';

const valley: Required<Residuals> = {
  residuals: ([a, b]) => Float64Array.of(10 * (b - a * a), 1 - a),
  jacobian: ([a]) => Float64Array.of(-20 * a, 10, -1, 0),
};
const start = [-1.2, 1];

const solvers: readonly [string, LeastSquaresSolver][] = [
  ['levenbergMarquardt', levenbergMarquardt()],
  ['levenbergMarquardt without acceleration', levenbergMarquardt({ acceleration: false })],
  ['gaussNewton', gaussNewton()],
];

test.each([
  [[Number.NaN, 1], 'leastSquares(start): expected finite numbers, got NaN at index 0'],
  [[1, Number.POSITIVE_INFINITY], 'leastSquares(start): expected finite numbers, got Infinity at index 1'],
])('a start of %s throws', (from, message) => {
  expect(() => leastSquares(valley, from, levenbergMarquardt())).toThrow(message);
});

test('arguments that are none throw', () => {
  expect(() => leastSquares(undefined as never, start, levenbergMarquardt())).toThrow(
    'leastSquares(problem): expected an object with a function residuals(x), got undefined',
  );
  expect(() => leastSquares({ ...valley, jacobian: 3 as never }, start, levenbergMarquardt())).toThrow(
    'leastSquares(problem.jacobian): expected a function or nothing, got 3',
  );
  expect(() => levenbergMarquardt({ damping: 0 })).toThrow(RangeError);
  expect(() => levenbergMarquardt({ scaling: 'other' as never })).toThrow('levenbergMarquardt(scaling)');
  expect(() => gaussNewton({ damping: -1 })).toThrow(RangeError);
  expect(() => regression({ value: () => 0 }, [1, 2], [1])).toThrow(
    'regression(y): expected as many numbers as observations, got 1 for 2',
  );
  expect(() => regression({ value: () => 0 }, [], [])).toThrow('regression(y)');
  expect(() => regression({} as never, [1], [1])).toThrow('regression(model)');
});

test('what the user’s functions do wrong names the function and keeps the point', () => {
  const short = { ...valley, jacobian: () => Float64Array.of(1, 2, 3) };
  expect(() => leastSquares(short, start, levenbergMarquardt())).toThrow(
    'jacobian(x): expected 4 numbers, got 3',
  );
  let calls = 0;
  const growing = { residuals: () => new Float64Array(calls++ < 1 ? 2 : 3) };
  expect(() => leastSquares(growing, start, levenbergMarquardt())).toThrow(
    'residuals(x): expected 2 numbers, got 3',
  );
  expect(() => leastSquares({ residuals: () => undefined as never }, start, levenbergMarquardt())).toThrow(
    'residuals(x): expected an array of numbers, got undefined',
  );
  const cause = new Error('no data');
  const throwing = {
    ...valley,
    residuals(x: Float64Array) {
      if (x[0] !== start[0]) throw cause;
      return valley.residuals(x);
    },
  };
  let caught: unknown;
  try {
    leastSquares(throwing, start, levenbergMarquardt());
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(ObjectiveError);
  expect(caught).toMatchObject({ cause, message: 'residuals(x): threw Error: no data' });
  expect((caught as ObjectiveError).x).toHaveLength(2);
});

test.each(solvers)('%s takes residuals that become NaN or ∞ as a rejection', (_, solver) => {
  for (const trouble of [Number.NaN, Number.POSITIVE_INFINITY]) {
    let trials = 0;
    const troubled = {
      ...valley,
      residuals(x: Float64Array) {
        if (x[0] === start[0]) return valley.residuals(x);
        return ++trials <= 3 ? Float64Array.of(trouble, 0) : valley.residuals(x);
      },
    };
    const { x, outcome } = leastSquares(troubled, start, solver);
    expect(outcome.kind).toBe('converged');
    expect(trials).toBeGreaterThan(3);
    expect(Math.hypot(x[0] - 1, x[1] - 1)).toBeLessThan(1e-12);
  }
});

test.each(solvers)('%s ends by an outcome, its x as it was, where nothing else is finite', (_, solver) => {
  const isStart = ([a, b]: Float64Array) => a === start[0] && b === start[1];
  const alone = {
    ...valley,
    residuals: (x: Float64Array) => (isStart(x) ? valley.residuals(x) : Float64Array.of(Number.NaN, 0)),
  };
  const lonely = {
    ...valley,
    jacobian: (x: Float64Array) => (isStart(x) ? valley.jacobian(x) : new Float64Array(4).fill(Number.NaN)),
  };
  for (const problem of [alone, lonely]) {
    const { x, residuals, outcome, iterations } = leastSquares(problem, start, solver);
    expect(['nonFinite', 'lineSearchFailed']).toContain(outcome.kind);
    expect(Array.from(x)).toEqual(start);
    expect(residuals).toEqual(valley.residuals(Float64Array.from(start)));
    expect(iterations).toBe(0);
  }
});

test('a start without finite residuals or Jacobian ends at once', () => {
  const blind = { ...valley, residuals: () => Float64Array.of(Number.NaN, 1) };
  expect(leastSquares(blind, start, levenbergMarquardt()).outcome).toEqual({
    kind: 'nonFinite',
    message: 'the value at the start is not finite: start elsewhere',
  });
  const steep = { ...valley, jacobian: () => new Float64Array(4).fill(Number.POSITIVE_INFINITY) };
  expect(leastSquares(steep, start, gaussNewton()).outcome).toMatchObject({
    kind: 'nonFinite',
    message: 'the Jacobian at the start is not finite: start elsewhere',
  });
});

test.each(solvers)('%s calls no point converged by a Jacobian of the wrong sign', (_, solver) => {
  const wrong = { ...valley, jacobian: (x: Float64Array) => valley.jacobian(x).map((entry) => -entry) };
  const { x, outcome } = leastSquares(wrong, start, solver);
  expect(outcome.kind).toBe('lineSearchFailed');
  expect(Array.from(x)).toEqual(start);
});

test('nor does Levenberg–Marquardt on a function, by a gradient of the wrong sign', () => {
  const wrong = {
    value: ([a, b]: Float64Array) => a ** 2 + a * b + b ** 2 + 1,
    gradient: ([a, b]: Float64Array) => Float64Array.of(-2 * a - b, -a - 2 * b),
    hessian: () => Float64Array.of(2, 1, 1, 2),
  };
  const { x, outcome } = minimize(wrong, [3, 1], levenbergMarquardtNewton());
  expect(outcome.kind).toBe('lineSearchFailed');
  expect(Array.from(x)).toEqual([3, 1]);
});

test('rejected trials shrink and leave the point as it was', () => {
  const trials: number[] = [];
  const wrong = {
    residuals(x: Float64Array) {
      const away = Math.hypot(x[0] - start[0], x[1] - start[1]);
      if (away > 0) trials.push(away);
      return valley.residuals(x);
    },
    jacobian: (x: Float64Array) => valley.jacobian(x).map((entry) => -entry),
  };
  leastSquares(wrong, start, levenbergMarquardt({ acceleration: false }));
  // δ at least doubles, which near the end halves the step; then the run looks once more without damping.
  const damped = trials.findIndex((length, k) => k > 0 && length > trials[k - 1]);
  expect(damped).toBeGreaterThan(5);
  expect(trials[damped - 1]).toBeLessThan(1e-6 * trials[0]);
});

/** Two columns of three depend on each other. */
const deficient: Required<Residuals> = {
  residuals: ([a, b, c]) => Float64Array.of(a + b - 3, 2 * (a + b) - 5, c - 1, c + 1),
  jacobian: () => Float64Array.of(1, 1, 0, 2, 2, 0, 0, 0, 1, 0, 0, 1),
};

test('a Jacobian of deficient rank takes the shortest step', () => {
  const { x, outcome } = leastSquares(deficient, [0, 0, 0], gaussNewton());
  expect(outcome.kind).toBe('converged');
  const inverted = pseudoinverse(deficient.jacobian(new Float64Array(3)), 4, 3);
  if (inverted.kind !== 'inverted') throw new Error('not finite');
  const expected = new Float64Array(3);
  matrixVector(inverted.inverse, Float64Array.of(3, 5, 1, -1), expected);
  for (let k = 0; k < 3; k++) expect(Math.abs(x[k] - expected[k])).toBeLessThanOrEqual(30 * 4 * 2 ** -52 * 3);
  expect(inverted.rank).toBe(2);
});

test.each(solvers)(
  '%s finds a minimum of residuals that depend on a + b only, or on nothing',
  (_, solver) => {
    const { x, value, outcome } = leastSquares(deficient, [4, -1, 7], solver);
    expect(outcome.kind).toBe('converged');
    expect(Math.abs(x[0] + x[1] - 2.6)).toBeLessThan(1e-12);
    expect(Math.abs(value - 1.1)).toBeLessThan(1e-12);
    const flat = { residuals: () => Float64Array.of(1, 2), jacobian: () => new Float64Array(2) };
    const { x: same, outcome: end } = leastSquares(flat, [5], solver);
    expect([...same]).toEqual([5]);
    expect(end.kind).toBe('singular');
  },
);

test.each(solvers)('%s solves fewer residuals than unknowns', (_, solver) => {
  const { residuals, outcome } = leastSquares(
    { residuals: ([a, b]) => Float64Array.of(a * a + b * b - 4) },
    [1, 0.5],
    solver,
  );
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(residuals[0])).toBeLessThan(1e-14);
});

test('a run can be stopped, and one of no iterations answers where it began', () => {
  const controller = new AbortController();
  const { outcome, iterations } = leastSquares(valley, start, levenbergMarquardt(), {
    signal: controller.signal,
    onStep: ({ iteration }) => iteration === 3 && controller.abort(),
  });
  expect([outcome.kind, iterations]).toEqual(['stopped', 3]);
  const none = leastSquares(valley, start, levenbergMarquardt(), { maxIterations: 0 });
  expect([none.outcome.kind, ...none.x]).toEqual(['budget', ...start]);
});
