import { wholeNumber } from '../algebra/argument.js';
import type { TestFunction } from './test-function.js';

/**
 * The trid: f(x) = Σ (xᵢ − 1)² − Σ_{i≥2} xᵢxᵢ₋₁, a quadratic with a tridiagonal Hessian.
 *
 * Minimum −n(n + 4)(n − 1)/6 at xᵢ = i(n + 1 − i); the Hessian's condition number grows as n².
 * Source: Neumaier and others 2014 (Surjanovic and Bingham's library); Jamil and Yang 2013, functions 150, 151.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example trid(6).minimum // value −50
 */
export function trid(n = 10): TestFunction {
  wholeNumber('trid', 'n', n, '[2, ∞)');
  return {
    name: 'trid',
    start: new Float64Array(n),
    value(x) {
      let total = (x[0] - 1) ** 2;
      for (let i = 1; i < n; i++) total += (x[i] - 1) ** 2 - x[i] * x[i - 1];
      return total;
    },
    gradient: (x) =>
      x.map((entry, i) => 2 * (entry - 1) - (i > 0 ? x[i - 1] : 0) - (i < n - 1 ? x[i + 1] : 0)),
    hessian() {
      const hessian = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        hessian[i * n + i] = 2;
        if (i > 0) hessian[i * n + i - 1] = hessian[(i - 1) * n + i] = -1;
      }
      return hessian;
    },
    minimum: {
      x: Float64Array.from({ length: n }, (_, i) => (i + 1) * (n - i)),
      value: (-n * (n + 4) * (n - 1)) / 6,
    },
    source: 'Jamil and Yang 2013, functions 150 and 151',
  };
}
