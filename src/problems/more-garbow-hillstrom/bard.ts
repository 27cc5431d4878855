import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const measured = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];

/** uᵢ, vᵢ, wᵢ and the denominator dᵢ = vᵢx₂ + wᵢx₃. */
function terms(i: number, x: Float64Array): [u: number, v: number, w: number, d: number] {
  const [u, v] = [i + 1, 15 - i];
  const w = Math.min(u, v);
  return [u, v, w, v * x[1] + w * x[2]];
}

/**
 * Bard's function: rᵢ = cᵢ − (x₁ + u/(vx₂ + wx₃)) with u = i, v = 16 − i, w = min(u, v), i = 1, …, 15.
 *
 * Minimum 0.008214…; 17.4286… is approached for x₁ = 0.8406…, x₂, x₃ → −∞.
 * Source: Moré, Garbow and Hillstrom 1981, problem 8.
 *
 * @example bard().residuals(Float64Array.of(1, 1, 1))
 */
export function bard(): SumOfSquares {
  return sumOfSquares({
    name: 'bard',
    start: [1, 1, 1],
    m: 15,
    residuals(x, r) {
      for (let i = 0; i < 15; i++) {
        const [u, , , d] = terms(i, x);
        r[i] = measured[i] - (x[0] + u / d);
      }
    },
    jacobian(x, j) {
      for (let i = 0; i < 15; i++) {
        const [u, v, w, d] = terms(i, x);
        j.set([-1, (u * v) / d ** 2, (u * w) / d ** 2], 3 * i);
      }
    },
    curvature(x, weights, h) {
      for (let i = 0; i < 15; i++) {
        const [u, v, w, d] = terms(i, x);
        const factor = (-2 * weights[i] * u) / d ** 3;
        h[4] += factor * v * v;
        h[7] += factor * v * w;
        h[8] += factor * w * w;
      }
    },
    minima: [
      { x: [0.08241055974978895, 1.1330360920297216, 2.343695178642537], value: 0.008214877306578973 },
      { value: 17.428693333333335 },
    ],
    source: problem(8),
  });
}
