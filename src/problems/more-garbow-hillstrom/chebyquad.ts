import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const values = new Map([
  [8, [0.0035168737256779303]],
  [10, [0.004772713696375346, 0.00650395480088231]],
]);

/**
 * Fletcher's Chebyquad, the points of a quadrature with equal weights: rᵢ = (1/n)Σⱼ Tᵢ(xⱼ) − ∫₀¹ Tᵢ, with the
 * Chebyshev polynomials shifted to [0, 1].
 *
 * Minimum 0 for n = 1, …, 7 and 9; 3.51687…·10⁻³ for 8; 4.77271…·10⁻³ for 10, where 6.50395…·10⁻³ is local.
 * Source: Moré, Garbow and Hillstrom 1981, problem 35.
 *
 * @throws RangeError unless n is a whole number ≥ 1
 * @example chebyquad(8).start // 1/9, 2/9, …
 */
export function chebyquad(n = 8): SumOfSquares {
  wholeNumber('chebyquad', 'n', n, '[1, ∞)');
  /** Calls back with Tᵢ, Tᵢ′ and Tᵢ″ at x for i = 1, …, n, by T₊ = 2zT − T₋ in z = 2x − 1. */
  const polynomials = (x: number, visit: (i: number, value: number, slope: number, bend: number) => void) => {
    const z = 2 * x - 1;
    let before = [1, 0, 0];
    let now = [z, 2, 0];
    for (let i = 0; i < n; i++) {
      const [t, slope, bend] = now;
      visit(i, t, slope, bend);
      const next = [
        2 * z * t - before[0],
        4 * t + 2 * z * slope - before[1],
        8 * slope + 2 * z * bend - before[2],
      ];
      before = now;
      now = next;
    }
  };
  const exact = n <= 7 || n === 9;
  return sumOfSquares({
    name: 'chebyquad',
    start: Array.from({ length: n }, (_, j) => (j + 1) / (n + 1)),
    m: n,
    residuals(x, r) {
      for (let i = 1; i < n; i += 2) r[i] = 1 / ((i + 1) ** 2 - 1);
      for (const point of x) {
        polynomials(point, (i, t) => {
          r[i] += t / n;
        });
      }
    },
    jacobian(x, jacobian) {
      for (let j = 0; j < n; j++) {
        polynomials(x[j], (i, _, slope) => {
          jacobian[i * n + j] = slope / n;
        });
      }
    },
    curvature(x, w, h) {
      for (let j = 0; j < n; j++) {
        polynomials(x[j], (i, _, __, bend) => {
          h[j * n + j] += (w[i] * bend) / n;
        });
      }
    },
    minima: exact ? [{ value: 0 }] : values.get(n)?.map((value) => ({ value })),
    source: problem(35),
  });
}
