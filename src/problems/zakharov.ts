import { wholeNumber } from '../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from './sum-of-squares.js';

/**
 * Zakharov's function: f(x) = Σ xᵢ² + σ² + σ⁴ with σ = ½Σ i·xᵢ.
 *
 * Minimum 0 at 0, and no other.
 * Source: Jamil and Yang 2013, function 173.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example zakharov(2).value(Float64Array.of(0, 0)) // 0
 */
export function zakharov(n = 2): SumOfSquares {
  wholeNumber('zakharov', 'n', n, '[2, ∞)');
  const sigma = (x: Float64Array) => x.reduce((total, entry, i) => total + ((i + 1) * entry) / 2, 0);
  return sumOfSquares({
    name: 'zakharov',
    start: Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 5 : -3)),
    m: n + 2,
    residuals(x, r) {
      r.set(x);
      r[n] = sigma(x);
      r[n + 1] = r[n] ** 2;
    },
    jacobian(x, j) {
      const twice = 2 * sigma(x);
      for (let i = 0; i < n; i++) {
        j[i * n + i] = 1;
        j[n * n + i] = (i + 1) / 2;
        j[(n + 1) * n + i] = (twice * (i + 1)) / 2;
      }
    },
    curvature(_, w, h) {
      for (let i = 0; i < n; i++)
        for (let k = 0; k <= i; k++) h[i * n + k] = (w[n + 1] * (i + 1) * (k + 1)) / 2;
    },
    minima: [{ x: new Float64Array(n), value: 0 }],
    source: 'Jamil and Yang 2013, function 173',
  });
}
