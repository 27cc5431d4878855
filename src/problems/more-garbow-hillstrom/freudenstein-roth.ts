import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/**
 * The function of Freudenstein and Roth: r₁ = x − 13 + ((5 − y)y − 2)y, r₂ = x − 29 + ((y + 1)y − 14)y.
 *
 * Minimum 0 at (5, 4); a local one, 48.98… near (11.41, −0.897), is where most methods end from (0.5, −2).
 * Source: Moré, Garbow and Hillstrom 1981, problem 2.
 *
 * @example freudensteinRoth().value(Float64Array.of(5, 4)) // 0
 */
export function freudensteinRoth(): SumOfSquares {
  return sumOfSquares({
    name: 'freudensteinRoth',
    start: [0.5, -2],
    m: 2,
    residuals([x, y], r) {
      r[0] = x - 13 + ((5 - y) * y - 2) * y;
      r[1] = x - 29 + ((y + 1) * y - 14) * y;
    },
    jacobian: ([, y], j) => j.set([1, (10 - 3 * y) * y - 2, 1, (3 * y + 2) * y - 14]),
    curvature([, y], w, h) {
      h[3] = w[0] * (10 - 6 * y) + w[1] * (6 * y + 2);
    },
    minima: [
      { x: [5, 4], value: 0 },
      { x: [11.412778986902094, -0.8968052532744765], value: 48.98425367924003 },
    ],
    source: problem(2),
  });
}
