import { type SumOfSquares, sumOfSquares } from './sum-of-squares.js';

/**
 * Himmelblau's function: f(x, y) = (x² + y − 11)² + (x + y² − 7)².
 *
 * Four minima of value 0, of which (3, 2) is exact, around a maximum near (−0.27, −0.92).
 * Source: Himmelblau 1972, problem 28.
 *
 * @example himmelblau().value(Float64Array.of(3, 2)) // 0
 */
export function himmelblau(): SumOfSquares {
  return sumOfSquares({
    name: 'himmelblau',
    start: [0, 0],
    m: 2,
    residuals: ([x, y], r) => r.set([x * x + y - 11, x + y * y - 7]),
    jacobian: ([x, y], j) => j.set([2 * x, 1, 1, 2 * y]),
    curvature(_, w, h) {
      h[0] = 2 * w[0];
      h[3] = 2 * w[1];
    },
    minima: [
      { x: [3, 2], value: 0 },
      { x: [-2.805118086952745, 3.131312518250573], value: 0 },
      { x: [-3.779310253377747, -3.28318599128617], value: 0 },
      { x: [3.584428340330492, -1.848126526964404], value: 0 },
    ],
    source: 'Himmelblau 1972, problem 28',
  });
}
