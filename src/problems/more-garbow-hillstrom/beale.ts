import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const measured = [1.5, 2.25, 2.625];

/**
 * Beale's function: rᵢ = cᵢ − x(1 − yⁱ) with c = (1.5, 2.25, 2.625).
 *
 * Minimum 0 at (3, 0.5); for x → −∞ with y → 1 it falls towards 0.4525…, so that runs may leave for infinity.
 * Source: Moré, Garbow and Hillstrom 1981, problem 5.
 *
 * @example beale().value(Float64Array.of(3, 0.5)) // 0
 */
export function beale(): SumOfSquares {
  return sumOfSquares({
    name: 'beale',
    start: [1, 1],
    m: 3,
    residuals: ([x, y], r) => r.set(measured.map((c, i) => c - x * (1 - y ** (i + 1)))),
    jacobian: ([x, y], j) => j.set(measured.flatMap((_, i) => [y ** (i + 1) - 1, x * (i + 1) * y ** i])),
    curvature([x, y], w, h) {
      h[2] = w[0] + 2 * w[1] * y + 3 * w[2] * y * y;
      h[3] = 2 * w[1] * x + 6 * w[2] * x * y;
    },
    minima: [{ x: [3, 0.5], value: 0 }],
    source: problem(5),
  });
}
