import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const measured = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
const concentrations = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];

/**
 * The function of Kowalik and Osborne, an enzyme's kinetics: rᵢ = cᵢ − x₁(u² + ux₂)/(u² + ux₃ + x₄), u = uᵢ.
 *
 * Minimum 3.07506…·10⁻⁴; 1.02734…·10⁻³ is approached for x₁, x₃, x₄ → ±∞.
 * Source: Moré, Garbow and Hillstrom 1981, problem 15.
 *
 * @example kowalikOsborne().value(Float64Array.of(0.25, 0.39, 0.415, 0.39)) // 5.3137…e-3
 */
export function kowalikOsborne(): SumOfSquares {
  const terms = (u: number, x: Float64Array) => ({ p: u * (u + x[1]), d: u * (u + x[2]) + x[3] });
  return sumOfSquares({
    name: 'kowalikOsborne',
    start: [0.25, 0.39, 0.415, 0.39],
    m: 11,
    residuals(x, r) {
      concentrations.forEach((u, i) => {
        const { p, d } = terms(u, x);
        r[i] = measured[i] - (x[0] * p) / d;
      });
    },
    jacobian(x, j) {
      concentrations.forEach((u, i) => {
        const { p, d } = terms(u, x);
        const onDenominator = (x[0] * p) / d ** 2;
        j.set([-p / d, (-x[0] * u) / d, onDenominator * u, onDenominator], 4 * i);
      });
    },
    curvature(x, w, h) {
      concentrations.forEach((u, i) => {
        const { p, d } = terms(u, x);
        const once = w[i] / d ** 2;
        const twice = (-2 * once * x[0] * p) / d;
        h[4] -= (w[i] * u) / d;
        h[8] += once * p * u;
        h[9] += once * x[0] * u * u;
        h[10] += twice * u * u;
        h[12] += once * p;
        h[13] += once * x[0] * u;
        h[14] += twice * u;
        h[15] += twice;
      });
    },
    minima: [{ value: 3.075056038492378e-4 }, { value: 1.0273430486954574e-3 }],
    source: problem(15),
  });
}
