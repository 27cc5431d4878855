import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const values = new Map([
  [6, 0.00228767005355242],
  [9, 1.3997601380988781e-6],
  [12, 4.722381104260723e-10],
]);

/**
 * Watson's function, a polynomial p(t) = Σ xⱼtʲ⁻¹ fitted to the differential equation p′ − p² = 1, p(0) = 0:
 * rᵢ = p′(i/29) − p(i/29)² − 1 for i = 1, …, 29, then x₁ and x₂ − x₁² − 1.
 *
 * Minimum 2.28767…·10⁻³ for n = 6, 1.39976…·10⁻⁶ for 9, 4.72238…·10⁻¹⁰ for 12: the more variables, the worse
 * the conditioning.
 * Source: Moré, Garbow and Hillstrom 1981, problem 20.
 *
 * @throws RangeError unless n is a whole number in [2, 31]
 * @example watson(6).start // zeros
 */
export function watson(n = 6): SumOfSquares {
  wholeNumber('watson', 'n', n, '[2, 31]');
  const time = (i: number) => (i + 1) / 29;
  const polynomial = (x: Float64Array, t: number) => {
    let [p, slope] = [0, 0];
    for (let k = n - 1; k >= 0; k--) {
      slope = slope * t + p;
      p = p * t + x[k];
    }
    return [p, slope];
  };
  const known = values.get(n);
  return sumOfSquares({
    name: 'watson',
    start: new Float64Array(n),
    m: 31,
    residuals(x, r) {
      for (let i = 0; i < 29; i++) {
        const [p, slope] = polynomial(x, time(i));
        r[i] = slope - p * p - 1;
      }
      r.set([x[0], x[1] - x[0] * x[0] - 1], 29);
    },
    jacobian(x, j) {
      for (let i = 0; i < 29; i++) {
        const t = time(i);
        const [p] = polynomial(x, t);
        for (let k = 0; k < n; k++) j[i * n + k] = (k / t - 2 * p) * t ** k;
      }
      j[29 * n] = 1;
      j.set([-2 * x[0], 1], 30 * n);
    },
    curvature(_, w, h) {
      for (let i = 0; i < 29; i++) {
        for (let k = 0; k < n; k++)
          for (let l = 0; l <= k; l++) h[k * n + l] -= 2 * w[i] * time(i) ** (k + l);
      }
      h[0] -= 2 * w[30];
    },
    minima: known === undefined ? undefined : [{ value: known }],
    source: problem(20),
  });
}
