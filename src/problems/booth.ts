import type { TestFunction } from './test-function.js';

/**
 * Booth's function: f(x, y) = (x + 2y − 7)² + (2x + y − 5)², a quadratic with condition number 9.
 *
 * Minimum 0 at (1, 3).
 * Source: Jamil and Yang 2013, function 17.
 *
 * @example booth().value(Float64Array.of(1, 3)) // 0
 */
export function booth(): TestFunction {
  return {
    name: 'booth',
    start: [-5, -5],
    value: ([x, y]) => (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    gradient: ([x, y]) => Float64Array.of(10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
    hessian: () => Float64Array.of(10, 8, 8, 10),
    minimum: { x: [1, 3], value: 0 },
    source: 'Jamil and Yang 2013, function 17',
  };
}
