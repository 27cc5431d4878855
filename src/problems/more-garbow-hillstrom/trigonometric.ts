import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/**
 * The trigonometric function: rᵢ = n − Σ cos xⱼ + i(1 − cos xᵢ) − sin xᵢ.
 *
 * Minimum 0, at 0 among other places; a local one for n = 10 has 2.79506…·10⁻⁵.
 * Source: Moré, Garbow and Hillstrom 1981, problem 26.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example trigonometric(10).start // 0.1 everywhere
 */
export function trigonometric(n = 10): SumOfSquares {
  wholeNumber('trigonometric', 'n', n, '[2, ∞)');
  return sumOfSquares({
    name: 'trigonometric',
    start: new Float64Array(n).fill(1 / n),
    m: n,
    residuals(x, r) {
      // Σ (1 − cos xⱼ), so that nothing cancels near 0.
      const versines = x.map((entry) => 2 * Math.sin(entry / 2) ** 2);
      const total = versines.reduce((sum, entry) => sum + entry, 0);
      for (let i = 0; i < n; i++) r[i] = total + (i + 1) * versines[i] - Math.sin(x[i]);
    },
    jacobian(x, j) {
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < n; k++) j[i * n + k] = Math.sin(x[k]);
        j[i * n + i] += (i + 1) * Math.sin(x[i]) - Math.cos(x[i]);
      }
    },
    curvature(x, w, h) {
      const total = w.reduce((sum, entry) => sum + entry, 0);
      for (let i = 0; i < n; i++) {
        h[i * n + i] = (total + w[i] * (i + 1)) * Math.cos(x[i]) + w[i] * Math.sin(x[i]);
      }
    },
    minima: [{ x: new Float64Array(n), value: 0 }, ...(n === 10 ? [{ value: 2.7950561218794705e-5 }] : [])],
    source: problem(26),
  });
}
