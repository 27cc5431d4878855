import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/**
 * Powell's badly scaled function: r₁ = 10⁴xy − 1, r₂ = e⁻ˣ + e⁻ʸ − 1.0001.
 *
 * Minimum 0 near (1.098·10⁻⁵, 9.106); at it the Hessian's condition number is about 10¹².
 * Source: Moré, Garbow and Hillstrom 1981, problem 3.
 *
 * @example powellBadlyScaled().residuals(Float64Array.of(0, 1)) // [−1, 0.3677…]
 */
export function powellBadlyScaled(): SumOfSquares {
  return sumOfSquares({
    name: 'powellBadlyScaled',
    start: [0, 1],
    m: 2,
    residuals([x, y], r) {
      r[0] = 1e4 * x * y - 1;
      r[1] = Math.exp(-x) + Math.exp(-y) - 1.0001;
    },
    jacobian: ([x, y], j) => j.set([1e4 * y, 1e4 * x, -Math.exp(-x), -Math.exp(-y)]),
    curvature([x, y], w, h) {
      h[0] = w[1] * Math.exp(-x);
      h[2] = w[0] * 1e4;
      h[3] = w[1] * Math.exp(-y);
    },
    minima: [{ x: [1.098159329699754e-5, 9.10614673986705], value: 0 }],
    source: problem(3),
  });
}

/**
 * Brown's badly scaled function: r = (x − 10⁶, y − 2·10⁻⁶, xy − 2).
 *
 * Minimum 0 at (10⁶, 2·10⁻⁶), a million from the start (1, 1).
 * Source: Moré, Garbow and Hillstrom 1981, problem 4.
 *
 * @example brownBadlyScaled().value(Float64Array.of(1e6, 2e-6)) // 0
 */
export function brownBadlyScaled(): SumOfSquares {
  return sumOfSquares({
    name: 'brownBadlyScaled',
    start: [1, 1],
    m: 3,
    residuals: ([x, y], r) => r.set([x - 1e6, y - 2e-6, x * y - 2]),
    jacobian: ([x, y], j) => j.set([1, 0, 0, 1, y, x]),
    curvature(_, w, h) {
      h[2] = w[2];
    },
    minima: [{ x: [1e6, 2e-6], value: 0 }],
    source: problem(4),
  });
}
