import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const [root10, root90] = [Math.sqrt(10), Math.sqrt(90)];

/**
 * Wood's function, two valleys tied together: r = (10(b − a²), 1 − a, √90(d − c²), 1 − c, √10(b + d − 2),
 * (b − d)/√10).
 *
 * Minimum 0 at (1, 1, 1, 1); near (−1, 1, −1, 1), where f ≈ 7.9, the gradient is small.
 * Source: Moré, Garbow and Hillstrom 1981, problem 14.
 *
 * @example wood().value(Float64Array.of(-3, -1, -3, -1)) // 19192, to rounding
 */
export function wood(): SumOfSquares {
  return sumOfSquares({
    name: 'wood',
    start: [-3, -1, -3, -1],
    m: 6,
    residuals: ([a, b, c, d], r) =>
      r.set([10 * (b - a * a), 1 - a, root90 * (d - c * c), 1 - c, root10 * (b + d - 2), (b - d) / root10]),
    jacobian([a, , c], j) {
      j.set([-20 * a, 10]);
      j[4] = -1;
      j.set([-2 * root90 * c, root90], 10);
      j[14] = -1;
      j.set([0, root10, 0, root10, 0, 1 / root10, 0, -1 / root10], 16);
    },
    curvature(_, w, h) {
      h[0] = -20 * w[0];
      h[10] = -2 * root90 * w[2];
    },
    minima: [{ x: [1, 1, 1, 1], value: 0 }],
    source: problem(14),
  });
}
