import { expect, test } from 'vitest';
import { gaussNewton, leastSquares, levenbergMarquardt, regression } from '../../../src/index.js';

const scalings = ['identity', 'diagonal', 'largest'] as const;

/** V·exp(−t/RC) with V near 5 and C near 10⁻¹⁰: sensitivities 10¹⁰ apart. */
test.each(scalings)('a discharge in farads is fitted with %s', (scaling) => {
  const [capacity, resistance] = [1e-10, 1e6];
  const t = Array.from({ length: 20 }, (_, i) => (i * resistance * capacity) / 6);
  const y = t.map((s, i) => 5 * Math.exp(-s / (resistance * capacity)) + 0.01 * Math.sin(i * i));
  const discharge = {
    value: ([v, c]: Float64Array, s: number) => v * Math.exp(-s / (resistance * c)),
    gradient([v, c]: Float64Array, s: number, into: Float64Array, at: number) {
      const e = Math.exp(-s / (resistance * c));
      into[at] = e;
      into[at + 1] = (v * e * s) / (resistance * c * c);
    },
  };
  const { x, value, outcome } = leastSquares(
    regression(discharge as never, t, y),
    [3, 2 * capacity],
    levenbergMarquardt({ scaling }),
  );
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(x[0] - 5.003)).toBeLessThan(1e-3);
  expect(Math.abs(x[1] / capacity - 0.998)).toBeLessThan(1e-3);
  expect(value).toBeLessThan(4.4e-4);
});

test('a straight line over 10¹⁰ is fitted', () => {
  const line = {
    value: ([a, b]: Float64Array, x: number) => a + b * x,
    gradient: (_: Float64Array, x: number, into: Float64Array, at: number) => into.set([1, x], at),
  };
  const { x, outcome } = leastSquares(
    regression(line as never, [1e10, 2e10, 3e10, 4e10, 5e10], [1.1, 1.9, 3.2, 3.9, 5.1]),
    [0, 0],
    levenbergMarquardt(),
  );
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(x[0] - 0.04)).toBeLessThan(1e-10);
  expect(Math.abs(x[1] / 1e-10 - 1)).toBeLessThan(1e-10);
});

const solvers = { levenbergMarquardt: levenbergMarquardt(), gaussNewton: gaussNewton() };

test.each(Object.entries(solvers))('%s tells a Jacobian of zeros from a minimum', (_, solver) => {
  const peak = {
    residuals: ([x]: Float64Array) => Float64Array.of(x * x - 4),
    jacobian: ([x]: Float64Array) => Float64Array.of(2 * x),
  };
  const { outcome, iterations } = leastSquares(peak, [0], solver);
  expect(iterations).toBe(0);
  expect(outcome.kind).toBe('singular');
  expect(outcome.message).toMatch(/^the Jacobian is 0 and the residuals are not: nothing depends on x here/);
  expect(leastSquares(peak, [3], solver).outcome.kind).toBe('converged');
  // A minimum that leaves nothing over needs no Jacobian.
  const met = { residuals: () => Float64Array.of(0, 0), jacobian: () => new Float64Array(2) };
  expect(leastSquares(met, [3], solver).outcome.kind).toBe('converged');
});

test.each(Object.entries(solvers))('%s names variables on which nothing depends', (_, solver) => {
  const { outcome } = leastSquares({ residuals: ([x]) => Float64Array.of(x - 1, x - 3) }, [5, 6], solver);
  expect(outcome.kind).toBe('converged');
  expect(outcome.message).toMatch(/they do not depend on x\[1\] here$/);
});
