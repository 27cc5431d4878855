import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const decays = [
  0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628,
  0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42, 0.414,
  0.411, 0.406,
];
const peaks = [
  1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616,
  0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495,
  0.5, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672,
  0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.71, 0.729, 0.72, 0.636, 0.581,
  0.428, 0.292, 0.162, 0.098, 0.054,
];

/**
 * Osborne's first function, two decays: rᵢ = cᵢ − (x₁ + x₂e^(−tx₄) + x₃e^(−tx₅)), t = 10(i − 1), i = 1, …, 33.
 *
 * Minimum 5.46489…·10⁻⁵.
 * Source: Moré, Garbow and Hillstrom 1981, problem 17.
 *
 * @example osborne1().value(Float64Array.of(0.5, 1.5, -1, 0.01, 0.02)) // 0.879…
 */
export function osborne1(): SumOfSquares {
  return sumOfSquares({
    name: 'osborne1',
    start: [0.5, 1.5, -1, 0.01, 0.02],
    m: 33,
    residuals(x, r) {
      decays.forEach((c, i) => {
        r[i] = c - (x[0] + x[1] * Math.exp(-10 * i * x[3]) + x[2] * Math.exp(-10 * i * x[4]));
      });
    },
    jacobian(x, j) {
      for (let i = 0; i < 33; i++) {
        const t = 10 * i;
        const [e, f] = [Math.exp(-t * x[3]), Math.exp(-t * x[4])];
        j.set([-1, -e, -f, x[1] * t * e, x[2] * t * f], 5 * i);
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < 33; i++) {
        const t = 10 * i;
        const [e, f] = [w[i] * Math.exp(-t * x[3]), w[i] * Math.exp(-t * x[4])];
        h[16] += t * e;
        h[18] -= x[1] * t * t * e;
        h[22] += t * f;
        h[24] -= x[2] * t * t * f;
      }
    },
    minima: [{ value: 5.46489469748273e-5 }],
    source: problem(17),
  });
}

/**
 * Osborne's second function, a decay and three peaks:
 * rᵢ = cᵢ − (x₁e^(−tx₅) + Σ_{k=2..4} xₖexp(−x_{k+4}(t − x_{k+7})²)), t = (i − 1)/10, i = 1, …, 65.
 *
 * Minimum 0.0401377….
 * Source: Moré, Garbow and Hillstrom 1981, problem 19.
 *
 * @example osborne2().start.length // 11
 */
export function osborne2(): SumOfSquares {
  const n = 11;
  return sumOfSquares({
    name: 'osborne2',
    start: [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5],
    m: 65,
    residuals(x, r) {
      peaks.forEach((c, i) => {
        const t = i / 10;
        r[i] = c - x[0] * Math.exp(-t * x[4]);
        for (let k = 1; k < 4; k++) r[i] -= x[k] * Math.exp(-x[k + 4] * (t - x[k + 7]) ** 2);
      });
    },
    jacobian(x, j) {
      for (let i = 0; i < 65; i++) {
        const t = i / 10;
        const decay = Math.exp(-t * x[4]);
        j[i * n] = -decay;
        j[i * n + 4] = x[0] * t * decay;
        for (let k = 1; k < 4; k++) {
          const d = t - x[k + 7];
          const e = Math.exp(-x[k + 4] * d * d);
          j[i * n + k] = -e;
          j[i * n + k + 4] = x[k] * e * d * d;
          j[i * n + k + 7] = -2 * x[k] * e * x[k + 4] * d;
        }
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < 65; i++) {
        const t = i / 10;
        const decay = w[i] * Math.exp(-t * x[4]);
        h[4 * n] += t * decay;
        h[4 * n + 4] -= x[0] * t * t * decay;
        for (let k = 1; k < 4; k++) {
          const [width, place] = [k + 4, k + 7];
          const d = t - x[place];
          const e = w[i] * Math.exp(-x[width] * d * d);
          h[width * n + k] += e * d * d;
          h[width * n + width] -= x[k] * e * d ** 4;
          h[place * n + k] -= 2 * e * x[width] * d;
          h[place * n + width] += 2 * x[k] * e * d * (x[width] * d * d - 1);
          h[place * n + place] += 2 * x[k] * e * x[width] * (1 - 2 * x[width] * d * d);
        }
      }
    },
    minima: [
      {
        x: [
          1.3099771546273007, 0.4315537946029888, 0.633661698960724, 0.5994305347859161, 0.754183226328011,
          0.9042885798596345, 1.3658118352370272, 4.823698817227159, 2.3986848661317546, 4.568874597667672,
          5.6753414705806415,
        ],
        value: 0.04013773629354774,
      },
    ],
    source: problem(19),
  });
}
