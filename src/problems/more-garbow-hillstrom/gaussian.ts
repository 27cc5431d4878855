import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const half = [0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521];
const measured = [...half, 0.3989, ...half.toReversed()];

/**
 * A Gaussian fitted to 15 ordinates of the normal density: rᵢ = x₁exp(−½x₂(tᵢ − x₃)²) − cᵢ, tᵢ = (8 − i)/2.
 *
 * Minimum 1.12793…·10⁻⁸, close to the start (0.4, 1, 0).
 * Source: Moré, Garbow and Hillstrom 1981, problem 9.
 *
 * @example gaussian().value(Float64Array.of(0.4, 1, 0)) // 3.888…e-6
 */
export function gaussian(): SumOfSquares {
  const distance = (i: number, x: Float64Array) => (7 - i) / 2 - x[2];
  const bell = (i: number, x: Float64Array) => Math.exp((-x[1] * distance(i, x) ** 2) / 2);
  return sumOfSquares({
    name: 'gaussian',
    start: [0.4, 1, 0],
    m: 15,
    residuals(x, r) {
      for (let i = 0; i < 15; i++) r[i] = x[0] * bell(i, x) - measured[i];
    },
    jacobian(x, j) {
      for (let i = 0; i < 15; i++) {
        const [d, e] = [distance(i, x), bell(i, x)];
        j.set([e, (-x[0] * e * d * d) / 2, x[0] * e * x[1] * d], 3 * i);
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < 15; i++) {
        const d = distance(i, x);
        const e = w[i] * bell(i, x);
        h[3] -= (e * d * d) / 2;
        h[4] += (x[0] * e * d ** 4) / 4;
        h[6] += e * x[1] * d;
        h[7] += x[0] * e * d * (1 - (x[1] * d * d) / 2);
        h[8] += x[0] * e * x[1] * (x[1] * d * d - 1);
      }
    },
    minima: [{ x: [0.3989561378387567, 1.0000190844878059, 0], value: 1.1279327696190105e-8 }],
    source: problem(9),
  });
}
