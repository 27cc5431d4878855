import type { RegressionModel } from './regression.js';

/**
 * (b₁ + b₂x + … ) / (1 + bₖx + bₖ₊₁x² + …), numerator and denominator of degrees p and q: p + q + 1 parameters.
 *
 * @example leastSquares(regression(rational(1, 1), [0, 1, 2, 4], [2, 1.5, 1.3, 1.2]), [1, 1, 1], levenbergMarquardt())
 */
export function rational(p: number, q: number): RegressionModel {
  return {
    value: (b, x) => polynomial(b, 0, p, x) / (1 + x * polynomial(b, p + 1, q - 1, x)),
    gradient(b, x, into, at) {
      const denominator = 1 + x * polynomial(b, p + 1, q - 1, x);
      const value = polynomial(b, 0, p, x) / denominator;
      let power = 1 / denominator;
      for (let k = 0; k <= p; k++, power *= x) into[at + k] = power;
      power = (-value * x) / denominator;
      for (let k = 0; k < q; k++, power *= x) into[at + p + 1 + k] = power;
    },
  };
}

/** b₁(x² + b₂x) / (x² + b₃x + b₄), the enzyme reaction of Kowalik and Osborne. */
export const enzymeReaction: RegressionModel = {
  value: (b, x) => (b[0] * x * (x + b[1])) / (x * (x + b[2]) + b[3]),
  gradient(b, x, into, at) {
    const denominator = x * (x + b[2]) + b[3];
    into[at] = (x * (x + b[1])) / denominator;
    into[at + 1] = (b[0] * x) / denominator;
    into[at + 3] = (-b[0] * into[at]) / denominator;
    into[at + 2] = x * into[at + 3];
  },
};

/** Σ b[from + k]·xᵏ for k = 0 … degree, by Horner's rule. */
function polynomial(b: Float64Array, from: number, degree: number, x: number): number {
  let total = 0;
  for (let k = degree; k >= 0; k--) total = total * x + b[from + k];
  return total;
}
