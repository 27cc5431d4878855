import { describe, expect, test } from 'vitest';
import {
  adam,
  asSolver,
  backtracking,
  bfgs,
  booth,
  broyden,
  dfp,
  dogleg,
  fixedStep,
  gradientDescent,
  hagerZhang,
  lbfgs,
  levenbergMarquardtNewton,
  lineSearchNewton,
  minimize,
  modifiedNewton,
  newton,
  newtonConjugateGradient,
  nonlinearConjugateGradient,
  rosenbrock,
  type Solver,
  sr1,
  steihaug,
  strongWolfe,
  trustRegion,
} from '../../../src/index.js';

const solvers: readonly Solver[] = [
  bfgs(),
  dfp(),
  sr1(),
  lbfgs(),
  lbfgs({ search: hagerZhang() }),
  broyden({ search: backtracking() }),
  lineSearchNewton(),
  modifiedNewton(),
  newtonConjugateGradient(),
  nonlinearConjugateGradient(),
  nonlinearConjugateGradient({ formula: 'polakRibiere', search: strongWolfe({ c2: 0.1 }) }),
  trustRegion(),
  trustRegion({ subproblem: dogleg() }),
  trustRegion({ subproblem: steihaug() }),
  levenbergMarquardtNewton(),
];
const named = solvers.map((solver) => [`${solver.name} ${JSON.stringify(solver.options)}`, solver] as const);

/** √(‖x‖² − 1) + x₀²: not finite inside the unit circle, least on it at (0, ±1). */
const edge = {
  value: ([x, y]: Float64Array) => Math.sqrt(x * x + y * y - 1) + x * x,
  gradient([x, y]: Float64Array) {
    const root = Math.sqrt(x * x + y * y - 1);
    return Float64Array.of(x / root + 2 * x, y / root);
  },
};

describe.each(named)('%s', (_, solver) => {
  test('minimizes Rosenbrock, and leaves the start as it was', () => {
    const start = Float64Array.of(-1.2, 1);
    const result = minimize(rosenbrock(2), start, solver);
    expect([...start]).toEqual([-1.2, 1]);
    expect(result.outcome.kind).toBe('converged');
    expect(result.gradientNorm).toBeLessThanOrEqual(1e-8);
    // f ≤ ½gᵀH⁻¹g to second order, and the smallest eigenvalue of H at (1, 1) is 0.399.
    expect(result.value).toBeLessThan((2 * 1e-16) / 0.39);
    expect(result.evaluations.value).toBeGreaterThan(result.iterations);
  });

  test('never calls a point converged whose gradient or value is not finite', () => {
    const result = minimize(edge, [3, 2], solver, { maxIterations: 200 });
    expect(Number.isFinite(result.value)).toBe(true);
    expect(result.x.every(Number.isFinite)).toBe(true);
    expect(result.value).toBeLessThan(edge.value(Float64Array.of(3, 2)));
  });

  test('ends on an unbounded function by an outcome that is no success', () => {
    const falling = {
      value: ([x]: Float64Array) => -x - x ** 3,
      gradient: ([x]: Float64Array) => Float64Array.of(-1 - 3 * x * x),
    };
    const { outcome } = minimize(falling, [1], solver);
    expect(['diverged', 'nonFinite', 'lineSearchFailed', 'budget']).toContain(outcome.kind);
  });

  test('ends on a gradient of the wrong sign by an outcome that is no success', () => {
    const wrong = {
      value: ([x, y]: Float64Array) => x * x + 3 * y * y,
      gradient: ([x, y]: Float64Array) => Float64Array.of(-2 * x, -6 * y),
    };
    const { outcome, value } = minimize(wrong, [1, 1], solver, { maxIterations: 100 });
    if (outcome.kind === 'converged') expect(value).toBeLessThan(1e-12);
    else expect(value).toBeLessThanOrEqual(4);
  });
});

describe('minimize', () => {
  test.each([
    [
      'a start that is not finite',
      () => minimize(booth(), [1, Number.NaN], bfgs()),
      'minimize(start): expected finite numbers, got NaN at index 1',
    ],
    [
      'no start',
      () => minimize(booth(), undefined as never, bfgs()),
      'minimize(start): expected a list of numbers, got undefined',
    ],
    [
      'no value',
      () => minimize({} as never, [1], bfgs()),
      'minimize(problem): expected an object with a function value(x)',
    ],
    [
      'an unknown option',
      () => minimize(booth(), [1, 1], bfgs(), { tolerance: 1 } as never),
      'minimize(tolerance): expected one of',
    ],
    [
      'a wrong tolerance',
      () => minimize(booth(), [1, 1], bfgs(), { gradientTolerance: -1 }),
      'minimize(gradientTolerance): expected a number in [0, ∞), got -1',
    ],
    [
      'a gradient too long',
      () => minimize({ value: () => 1, gradient: () => new Float64Array(3) }, [1], bfgs()),
      'gradient(x): expected 1 numbers, got 3',
    ],
    [
      'a Hessian too short',
      () => minimize({ ...booth(), hessian: () => new Float64Array(3) }, [1, 1], trustRegion()),
      'hessian(x): expected 4 numbers, got 3',
    ],
    [
      'a value that is no number',
      () => minimize({ value: () => '1' as never }, [1], bfgs()),
      "value(x): expected a number, got '1'",
    ],
    [
      'a function that throws',
      () =>
        minimize(
          {
            value: () => {
              throw new Error('no such file');
            },
          },
          [1],
          bfgs(),
        ),
      'value(x): threw Error: no such file',
    ],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test('says that a start is not finite instead of starting', () => {
    const { outcome, iterations } = minimize({ value: ([x]) => Math.log(x) }, [-1], bfgs());
    expect(outcome.kind).toBe('nonFinite');
    expect(iterations).toBe(0);
  });

  test('takes central differences for missing derivatives, and says so', () => {
    const { value } = rosenbrock(2);
    const { x, derivatives, evaluations } = minimize({ value }, [-1.2, 1], bfgs(), {
      gradientTolerance: 1e-5,
    });
    expect(derivatives).toEqual({ gradient: 'differences', hessian: 'differences' });
    expect(evaluations.gradient).toBe(0);
    expect(Math.hypot(x[0] - 1, x[1] - 1)).toBeLessThan(1e-4); // ‖g‖/λ_min of the Hessian, 0.4
  });

  test('stops by its signal, by its budget and by divergence, and keeps what it has', () => {
    const controller = new AbortController();
    const stopped = minimize(rosenbrock(2), [-1.2, 1], bfgs(), {
      signal: controller.signal,
      onStep: ({ iteration }) => iteration === 3 && controller.abort(),
    });
    expect([stopped.outcome.kind, stopped.iterations]).toEqual(['stopped', 3]);
    expect(minimize(rosenbrock(2), [-1.2, 1], bfgs(), { maxIterations: 3 }).outcome.kind).toBe('budget');
    const leaping = asSolver(gradientDescent({ learningRate: 5 }));
    expect(minimize(booth(), [9, 8], leaping, { maxIterations: 20 }).outcome.kind).toBe('diverged');
  });

  test('a singular Hessian is an outcome', () => {
    const flat = {
      value: ([x, y]: Float64Array) => (x + y) ** 2,
      gradient: ([x, y]: Float64Array) => new Float64Array(2).fill(2 * (x + y)),
      hessian: () => new Float64Array(4).fill(2),
    };
    expect(minimize(flat, [1, 2], lineSearchNewton({ search: fixedStep() })).outcome.kind).toBe('singular');
    expect(minimize(flat, [1, 2], asSolver(newton())).outcome.kind).toBe('singular');
    expect(minimize(flat, [1, 2], trustRegion()).outcome.kind).toBe('converged');
  });
});

test('a method that needs more than a function tells is refused when the run starts', () => {
  const needing = { ...adam(), name: 'layered', needs: ['layers', 'gaussNewton'] as const };
  let stepped = false;
  const update: typeof needing.update = () => {
    stepped = true;
    throw new Error('not reached');
  };
  expect(() => minimize(rosenbrock(), [-1.2, 1], asSolver({ ...needing, update }))).toThrow(
    'layered(problem): expected one that answers layers and gaussNewton, got a function, which does not',
  );
  expect(stepped).toBe(false);
});
