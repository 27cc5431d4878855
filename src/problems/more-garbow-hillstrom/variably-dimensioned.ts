import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/**
 * The variably dimensioned function: xᵢ − 1 for each variable, σ = Σ j(xⱼ − 1), and σ².
 *
 * Minimum 0 at (1, …, 1).
 * Source: Moré, Garbow and Hillstrom 1981, problem 25.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example variablyDimensioned(4).start // [0.75, 0.5, 0.25, 0]
 */
export function variablyDimensioned(n = 10): SumOfSquares {
  wholeNumber('variablyDimensioned', 'n', n, '[2, ∞)');
  const sigma = (x: Float64Array) => x.reduce((total, entry, i) => total + (i + 1) * (entry - 1), 0);
  return sumOfSquares({
    name: 'variablyDimensioned',
    start: Array.from({ length: n }, (_, i) => 1 - (i + 1) / n),
    m: n + 2,
    residuals(x, r) {
      for (let i = 0; i < n; i++) r[i] = x[i] - 1;
      r[n] = sigma(x);
      r[n + 1] = r[n] ** 2;
    },
    jacobian(x, j) {
      const twice = 2 * sigma(x);
      for (let i = 0; i < n; i++) {
        j[i * n + i] = 1;
        j[n * n + i] = i + 1;
        j[(n + 1) * n + i] = twice * (i + 1);
      }
    },
    curvature(_, w, h) {
      for (let i = 0; i < n; i++)
        for (let k = 0; k <= i; k++) h[i * n + k] = 2 * w[n + 1] * (i + 1) * (k + 1);
    },
    minima: [{ x: new Float64Array(n).fill(1), value: 0 }],
    source: problem(25),
  });
}
