import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const measured = [
  34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872,
];

/**
 * Meyer's thermistor: rᵢ = x₁exp(x₂/(tᵢ + x₃)) − cᵢ, tᵢ = 45 + 5i, i = 1, …, 16.
 *
 * Minimum 87.9458… near (0.0056, 6181, 345), where the Hessian's condition number passes 10¹⁴.
 * Source: Moré, Garbow and Hillstrom 1981, problem 10.
 *
 * @example meyer().value(Float64Array.of(0.02, 4000, 250)) // 1.69…e9
 */
export function meyer(): SumOfSquares {
  const time = (i: number) => 50 + 5 * i;
  return sumOfSquares({
    name: 'meyer',
    start: [0.02, 4000, 250],
    m: 16,
    residuals(x, r) {
      for (let i = 0; i < 16; i++) r[i] = x[0] * Math.exp(x[1] / (time(i) + x[2])) - measured[i];
    },
    jacobian(x, j) {
      for (let i = 0; i < 16; i++) {
        const q = 1 / (time(i) + x[2]);
        const e = Math.exp(x[1] * q);
        j.set([e, x[0] * e * q, -x[0] * e * x[1] * q * q], 3 * i);
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < 16; i++) {
        const q = 1 / (time(i) + x[2]);
        const e = w[i] * Math.exp(x[1] * q);
        const xq = x[1] * q;
        h[3] += e * q;
        h[4] += x[0] * e * q * q;
        h[6] -= e * xq * q;
        h[7] -= x[0] * e * q * q * (1 + xq);
        h[8] += x[0] * e * xq * q * q * (2 + xq);
      }
    },
    minima: [{ value: 87.94585517073861 }],
    source: problem(10),
  });
}
