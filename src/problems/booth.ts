import { type SumOfSquares, sumOfSquares } from './sum-of-squares.js';

/**
 * Booth's function: f(x, y) = (x + 2y − 7)² + (2x + y − 5)², a quadratic with condition number 9.
 *
 * Minimum 0 at (1, 3), one step of Newton's method from anywhere.
 * Source: Jamil and Yang 2013, function 17.
 *
 * @example booth().value(Float64Array.of(1, 3)) // 0
 */
export function booth(): SumOfSquares {
  return sumOfSquares({
    name: 'booth',
    start: [9, 8],
    m: 2,
    residuals: ([x, y], r) => r.set([x + 2 * y - 7, 2 * x + y - 5]),
    jacobian: (_, j) => j.set([1, 2, 2, 1]),
    minima: [{ x: [1, 3], value: 0 }],
    source: 'Jamil and Yang 2013, function 17',
  });
}
