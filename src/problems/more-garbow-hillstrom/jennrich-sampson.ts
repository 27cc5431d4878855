import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const m = 10;

/**
 * The function of Jennrich and Sampson: rᵢ = 2 + 2i − (eⁱˣ + eⁱʸ), i = 1, …, 10.
 *
 * Minimum 124.36… at x = y = 0.2578…; the residuals there are large, and no Gauss–Newton step is good.
 * Source: Moré, Garbow and Hillstrom 1981, problem 6.
 *
 * @example jennrichSampson().value(Float64Array.of(0.2578, 0.2578)) // 124.36…
 */
export function jennrichSampson(): SumOfSquares {
  return sumOfSquares({
    name: 'jennrichSampson',
    start: [0.3, 0.4],
    m,
    residuals([x, y], r) {
      for (let i = 1; i <= m; i++) r[i - 1] = 2 + 2 * i - (Math.exp(i * x) + Math.exp(i * y));
    },
    jacobian([x, y], j) {
      for (let i = 1; i <= m; i++) j.set([-i * Math.exp(i * x), -i * Math.exp(i * y)], 2 * i - 2);
    },
    curvature([x, y], w, h) {
      for (let i = 1; i <= m; i++) {
        h[0] -= w[i - 1] * i * i * Math.exp(i * x);
        h[3] -= w[i - 1] * i * i * Math.exp(i * y);
      }
    },
    minima: [{ x: [0.2578252136703641, 0.2578252136703641], value: 124.3621823556148 }],
    source: problem(6),
  });
}
