import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const times = Array.from({ length: 10 }, (_, i) => (i + 1) / 10);

/**
 * Box's function of three variables: rᵢ = e^(−tᵢx) − e^(−tᵢy) − z(e^(−tᵢ) − e^(−10tᵢ)), tᵢ = i/10, i = 1, …, 10.
 *
 * Minimum 0 at (1, 10, 1), at (10, 1, −1) and wherever x = y and z = 0.
 * Source: Moré, Garbow and Hillstrom 1981, problem 12.
 *
 * @example box().value(Float64Array.of(1, 10, 1)) // 0
 */
export function box(): SumOfSquares {
  return sumOfSquares({
    name: 'box',
    start: [0, 10, 20],
    m: 10,
    residuals: ([x, y, z], r) =>
      r.set(times.map((t) => Math.exp(-t * x) - Math.exp(-t * y) - z * (Math.exp(-t) - Math.exp(-10 * t)))),
    jacobian: ([x, y], j) =>
      j.set(
        times.flatMap((t) => [-t * Math.exp(-t * x), t * Math.exp(-t * y), Math.exp(-10 * t) - Math.exp(-t)]),
      ),
    curvature([x, y], w, h) {
      times.forEach((t, i) => {
        h[0] += w[i] * t * t * Math.exp(-t * x);
        h[4] -= w[i] * t * t * Math.exp(-t * y);
      });
    },
    minima: [
      { x: [1, 10, 1], value: 0 },
      { x: [10, 1, -1], value: 0 },
    ],
    source: problem(12),
  });
}
