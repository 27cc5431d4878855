import { wholeNumber } from '../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from './sum-of-squares.js';

/**
 * The function of Dixon and Price: f(x) = (x₁ − 1)² + Σ_{i≥2} i(2xᵢ² − xᵢ₋₁)².
 *
 * Minimum 0 at xᵢ = ±2^(2^(1−i) − 1); xₙ's sign is free, and ⅔ is a local minimum, at (⅓, 0, …, 0).
 * Source: Dixon and Price 1989; Jamil and Yang 2013, function 48.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example dixonPrice(2).value(Float64Array.of(1, Math.SQRT1_2)) // 0, to rounding
 */
export function dixonPrice(n = 10): SumOfSquares {
  wholeNumber('dixonPrice', 'n', n, '[2, ∞)');
  const root = Array.from({ length: n }, (_, i) => Math.sqrt(i + 1));
  const x = Float64Array.from({ length: n }, (_, i) => 2 ** (2 ** -i - 1));
  return sumOfSquares({
    name: 'dixonPrice',
    start: new Float64Array(n).fill(2),
    m: n,
    residuals(x, r) {
      r[0] = x[0] - 1;
      for (let i = 1; i < n; i++) r[i] = root[i] * (2 * x[i] * x[i] - x[i - 1]);
    },
    jacobian(x, j) {
      j[0] = 1;
      for (let i = 1; i < n; i++) j.set([-root[i], 4 * root[i] * x[i]], i * n + i - 1);
    },
    curvature(_, w, h) {
      for (let i = 1; i < n; i++) h[i * n + i] = 4 * root[i] * w[i];
    },
    minima: [{ x, value: 0 }, { value: 2 / 3 }],
    source: 'Dixon and Price 1989; Jamil and Yang 2013, function 48',
  });
}
