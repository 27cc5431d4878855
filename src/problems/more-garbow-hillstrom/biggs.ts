import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const m = 13;
const n = 6;

/**
 * Biggs' function of six variables: rᵢ = x₃e^(−tx₁) − x₄e^(−tx₂) + x₆e^(−tx₅) − cᵢ with t = i/10 and
 * cᵢ = e^(−t) − 5e^(−10t) + 3e^(−4t), i = 1, …, 13.
 *
 * Minimum 0 at (1, 10, 1, 5, 4, 3) and its permutations; local minima at 5.65565…·10⁻³ and elsewhere.
 * Source: Moré, Garbow and Hillstrom 1981, problem 18.
 *
 * @example biggs().value(Float64Array.of(1, 10, 1, 5, 4, 3)) // 0
 */
export function biggs(): SumOfSquares {
  /** Which variables are the rate and the weight of each decay, and its sign. */
  const decays = [
    [0, 2, 1],
    [1, 3, -1],
    [4, 5, 1],
  ];
  return sumOfSquares({
    name: 'biggs',
    start: [1, 2, 1, 1, 1, 1],
    m,
    residuals(x, r) {
      for (let i = 0; i < m; i++) {
        const t = (i + 1) / 10;
        r[i] = -(Math.exp(-t) - 5 * Math.exp(-10 * t) + 3 * Math.exp(-4 * t));
        for (const [rate, weight, sign] of decays) r[i] += sign * x[weight] * Math.exp(-t * x[rate]);
      }
    },
    jacobian(x, j) {
      for (let i = 0; i < m; i++) {
        const t = (i + 1) / 10;
        for (const [rate, weight, sign] of decays) {
          const e = sign * Math.exp(-t * x[rate]);
          j[i * n + weight] = e;
          j[i * n + rate] = -t * x[weight] * e;
        }
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < m; i++) {
        const t = (i + 1) / 10;
        for (const [rate, weight, sign] of decays) {
          const e = w[i] * sign * Math.exp(-t * x[rate]);
          h[rate * n + rate] += t * t * x[weight] * e;
          h[weight * n + rate] -= t * e;
        }
      }
    },
    minima: [
      { x: [1, 10, 1, 5, 4, 3], value: 0 },
      {
        x: [
          1.711415994708373, 17.683198180949066, -2.489063317547339, 5.186561551993453, 1.7114159947135665,
          4.815350639385124,
        ],
        value: 0.005655649925499928,
      },
    ],
    source: problem(18),
  });
}
