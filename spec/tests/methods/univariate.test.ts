import { describe, expect, test } from 'vitest';
import { guardedNewton } from '../../../src/methods/guarded-newton.js';
import { minimize } from '../../../src/methods/minimize.js';
import { secant } from '../../../src/methods/secant.js';
import { univariateNewton } from '../../../src/methods/univariate-newton.js';

/** A function of one variable by its value and first two derivatives. */
function univariate(
  f: (x: number) => number,
  slope: (x: number) => number,
  curvature: (x: number) => number,
) {
  return {
    value: ([x]: Float64Array) => f(x),
    gradient: ([x]: Float64Array) => Float64Array.of(slope(x)),
    hessian: ([x]: Float64Array) => Float64Array.of(curvature(x)),
  };
}

const hyperbola = univariate(
  (x) => Math.sqrt(1 + x * x),
  (x) => x / Math.sqrt(1 + x * x),
  (x) => (1 + x * x) ** -1.5,
);
// f′ = x³ − 2x + 2: from 0 Newton goes to 1 and back.
const cycle = univariate(
  (x) => x ** 4 / 4 - x * x + 2 * x,
  (x) => x ** 3 - 2 * x + 2,
  (x) => 3 * x * x - 2,
);
const doubleWell = univariate(
  (x) => x ** 4 - 2 * x * x,
  (x) => 4 * x ** 3 - 4 * x,
  (x) => 12 * x * x - 4,
);
const cubicRoot = univariate(
  (x) => x ** 3 / 6 + x,
  (x) => x * x * 0.5 + 1,
  (x) => x,
);

describe('univariate methods', () => {
  test('Newton reaches √2 as the minimum of x³/3 − 2x, doubling its digits', () => {
    const problem = univariate(
      (x) => x ** 3 / 3 - 2 * x,
      (x) => x * x - 2,
      (x) => 2 * x,
    );
    const { x, outcome, iterations } = minimize(problem, [1], univariateNewton(), {
      gradientTolerance: 1e-14,
    });
    expect(Math.abs(x[0] - Math.SQRT2)).toBeLessThan(1e-15 * 4);
    expect(outcome.kind).toBe('converged');
    expect(iterations).toBe(5);
    const bySecant = minimize(problem, [1], secant(), { gradientTolerance: 1e-14 });
    expect(Math.abs(bySecant.x[0] - Math.SQRT2)).toBeLessThan(1e-15 * 4);
    expect(bySecant.evaluations.hessian).toBe(0);
  });

  test.each([
    ['overshoot', hyperbola, 1.1],
    ['oscillation', hyperbola, 1],
    ['negativeCurvature', doubleWell, 0.3],
    ['vanishingCurvature', cubicRoot, 0],
  ] as const)('Newton fails by %s', (failure, problem, start) => {
    expect(minimize(problem, [start], univariateNewton()).outcome.failure).toBe(failure);
  });

  test.each([
    ['the hyperbola from 1.1', hyperbola, 1.1, 0],
    ['the hyperbola from 1', hyperbola, 1, 0],
    ['the hyperbola from 1000', hyperbola, 1000, 0],
    ['the cycle from 0', cycle, 0, -1.7692923542386314],
    ['the double well near its maximum', doubleWell, 0.3, 1],
    ['the double well where f″ = 0', doubleWell, Math.sqrt(1 / 3), 1],
  ] as const)('the guarded form survives %s', (_, problem, start, minimum) => {
    const { x, outcome } = minimize(problem, [start], guardedNewton());
    expect(outcome.kind).toBe('converged');
    expect(Math.abs(x[0] - minimum)).toBeLessThan(1e-7);
  });

  test('an unbounded function ends as diverged', () => {
    expect(minimize(cubicRoot, [0], guardedNewton()).outcome.kind).toBe('diverged');
  });

  test('they refuse two variables', () => {
    const plane = { value: (x: Float64Array) => x[0] ** 2 + x[1] ** 2 };
    for (const solver of [univariateNewton(), secant(), guardedNewton()]) {
      expect(() => minimize(plane, [1, 2], solver)).toThrow(
        `${solver.name}(problem): expected a function of one variable, got 2`,
      );
    }
  });
});
