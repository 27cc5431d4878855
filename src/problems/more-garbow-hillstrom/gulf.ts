import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const m = 99;

/**
 * The Gulf Research and Development function: rᵢ = exp(−|yᵢ − x₂|^x₃/x₁) − tᵢ, tᵢ = i/100,
 * yᵢ = 25 + (−50 ln tᵢ)^⅔, i = 1, …, 99.
 *
 * Minimum 0 at (50, 25, 1.5). At the hundredth datum that the collection allows f would have no second
 * derivative at the minimum.
 * Source: Moré, Garbow and Hillstrom 1981, problem 11, with the misprint "|yᵢmix₂|" read as |yᵢ − x₂|.
 *
 * @example gulf().value(Float64Array.of(50, 25, 1.5)) // 0, to rounding
 */
export function gulf(): SumOfSquares {
  const level = (i: number) => (i + 1) / 100;
  const terms = (i: number, x: Float64Array) => {
    const d = 25 + Math.cbrt(50 * Math.log(level(i))) ** 2 - x[1];
    const power = Math.abs(d) ** x[2] / x[0];
    return { d, power, log: Math.log(Math.abs(d)), e: Math.exp(-power) };
  };
  return sumOfSquares({
    name: 'gulf',
    start: [5, 2.5, 0.15],
    m,
    residuals(x, r) {
      for (let i = 0; i < m; i++) r[i] = terms(i, x).e - level(i);
    },
    jacobian(x, j) {
      for (let i = 0; i < m; i++) {
        const { d, power, log, e } = terms(i, x);
        j.set([(e * power) / x[0], (e * power * x[2]) / d, -e * power * log], 3 * i);
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < m; i++) {
        const { d, power, log, e } = terms(i, x);
        // With q = power: ∂e/∂q = −e, and q's own derivatives are −q/x₁, −x₃q/d and q·log.
        const factor = w[i] * e * power;
        h[0] += (factor * (power - 2)) / x[0] ** 2;
        h[3] += (factor * x[2] * (power - 1)) / (d * x[0]);
        h[4] += (factor * x[2] * (x[2] * (power - 1) + 1)) / d ** 2;
        h[6] += (factor * log * (1 - power)) / x[0];
        h[7] += (factor * (1 + x[2] * log * (1 - power))) / d;
        h[8] += factor * log * log * (power - 1);
      }
    },
    minima: [{ x: [50, 25, 1.5], value: 0 }],
    source: problem(11),
  });
}
