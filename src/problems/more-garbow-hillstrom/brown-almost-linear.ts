import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/**
 * Brown's almost linear function: rᵢ = xᵢ + Σ xⱼ − (n + 1) for i < n, and Π xⱼ − 1.
 *
 * Minimum 0 at (1, …, 1) among other places; a local one has the value 1, at (0, …, 0, n + 1).
 * Source: Moré, Garbow and Hillstrom 1981, problem 27.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example brownAlmostLinear(10).value(new Float64Array(10).fill(1)) // 0
 */
export function brownAlmostLinear(n = 10): SumOfSquares {
  wholeNumber('brownAlmostLinear', 'n', n, '[2, ∞)');
  /** Π xⱼ without those left out, so that no entry is divided by. */
  const product = (x: Float64Array, ...without: number[]) =>
    x.reduce((total, entry, i) => (without.includes(i) ? total : total * entry), 1);
  const local = new Float64Array(n);
  local[n - 1] = n + 1;
  return sumOfSquares({
    name: 'brownAlmostLinear',
    start: new Float64Array(n).fill(0.5),
    m: n,
    residuals(x, r) {
      const total = x.reduce((sum, entry) => sum + entry, 0) - (n + 1);
      for (let i = 0; i < n - 1; i++) r[i] = x[i] + total;
      r[n - 1] = product(x) - 1;
    },
    jacobian(x, j) {
      j.fill(1, 0, (n - 1) * n);
      for (let i = 0; i < n - 1; i++) j[i * n + i] = 2;
      for (let k = 0; k < n; k++) j[(n - 1) * n + k] = product(x, k);
    },
    curvature(x, w, h) {
      for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) h[i * n + k] = w[n - 1] * product(x, i, k);
    },
    minima: [
      { x: new Float64Array(n).fill(1), value: 0 },
      { x: local, value: 1 },
    ],
    source: problem(27),
  });
}
