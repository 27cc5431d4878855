import type { TestFunction } from './test-function.js';

const [a, b, c] = [5.1 / (4 * Math.PI ** 2), 5 / Math.PI, 10 * (1 - 1 / (8 * Math.PI))];

/**
 * Branin's function: f(x, y) = (y − 5.1x²/4π² + 5x/π − 6)² + 10(1 − 1/8π)cos x + 10.
 *
 * Minimum 0.397887… = 10/8π at (−π, 12.275), (π, 2.275) and (3π, 2.475), to three digits.
 * Source: Branin 1972; Dixon and Szegő 1978.
 *
 * @example branin().value(Float64Array.of(Math.PI, 2.275)) // 0.397887…
 */
export function branin(): TestFunction {
  const inner = ([x, y]: Float64Array) => y - a * x * x + b * x - 6;
  const slope = ([x]: Float64Array) => b - 2 * a * x;
  return {
    name: 'branin',
    start: [2.5, 7.5],
    value: (x) => inner(x) ** 2 + c * Math.cos(x[0]) + 10,
    gradient: (x) => Float64Array.of(2 * inner(x) * slope(x) - c * Math.sin(x[0]), 2 * inner(x)),
    hessian: (x) =>
      Float64Array.of(
        2 * slope(x) ** 2 - 4 * a * inner(x) - c * Math.cos(x[0]),
        2 * slope(x),
        2 * slope(x),
        2,
      ),
    minimum: { x: [Math.PI, a * Math.PI ** 2 - b * Math.PI + 6], value: 10 - c },
    minima: [-1, 1, 3].map((k) => {
      const x = k * Math.PI;
      return { x: [x, a * x * x - b * x + 6], value: 10 - c };
    }),
    source: 'Branin 1972',
  };
}
