import { expect, test } from 'vitest';
import { leastSquares, levenbergMarquardt, regression } from '../../../src/index.js';

/** Levenberg's scaling is not among them: it still ends early here. */
const scalings = ['diagonal', 'largest'] as const;

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

test('a Jacobian of zeros is told from a minimum', () => {
  const peak = {
    residuals: ([x]: Float64Array) => Float64Array.of(x * x - 4),
    jacobian: ([x]: Float64Array) => Float64Array.of(2 * x),
  };
  const { outcome, iterations } = leastSquares(peak, [0], levenbergMarquardt());
  expect(iterations).toBe(0);
  expect(outcome.message).toMatch(/^the Jacobian is 0 and the residuals are not: nothing depends on x here/);
  const { outcome: met } = leastSquares(peak, [3], levenbergMarquardt());
  expect(met.message).not.toMatch(/Jacobian is 0/);
});
