import { chosen, number } from '../algebra/option.js';
import { cholesky, choleskySolve } from '../linalg/cholesky.js';
import { norm } from '../linalg/vector.js';
import { stepInEigenbasis } from './eigenbasis-step.js';
import type { Subproblem, SubproblemEnd } from './quadratic-model.js';

const mostIterations = 100;

export const exactOptions = { tolerance: number(0.1, '(0, 1)', 'how far ‖p‖ may exceed Δ, relatively') };

/**
 * Minimizes the model in a trust region exactly: (H + λI)p = −g with λ ≥ 0, H + λI ⪰ 0 and λ(Δ − ‖p‖) = 0.
 *
 * Positive definite H: Newton's iteration on 1/Δ − 1/‖p(λ)‖ from λ = 0, where it is monotone, by Cholesky
 * factors; ‖p‖ ends in [Δ, Δ(1 + tolerance)] or inside. Else in the eigenbasis of H, where the hard case is
 * plain to see.
 * Source: Moré and Sorensen 1983; Conn, Gould and Toint 2000, section 7.3.
 *
 * @param tolerance how far ‖p‖ may exceed Δ, relatively; an exact length buys no progress
 * @throws RangeError unless 0 < tolerance < 1
 * @example trustRegion({ subproblem: exact() })
 */
export function exact(tolerance = exactOptions.tolerance.default): Subproblem {
  chosen('exact', exactOptions, { tolerance });
  return {
    name: 'exact',
    start(n) {
      const shifted = new Float64Array(n * n);
      const factor = new Float64Array(n * n);
      const q = new Float64Array(n);
      return {
        solve({ gradient, hessian }, radius, p): SubproblemEnd {
          const h = hessian.dense();
          let factored = cholesky(h, n, factor);
          let lambda = 0;
          for (let k = 0; k < mostIterations && factored.kind === 'factored'; k++) {
            choleskySolve(factored, gradient, p);
            for (let i = 0; i < n; i++) p[i] = -p[i];
            const length = norm(p);
            if (length <= radius * (1 + tolerance)) {
              return { multiplier: lambda, onBoundary: lambda > 0, negativeCurvature: false };
            }
            // With LLᵀ = H + λI and Lq = p: λ⁺ = λ + (‖p‖/‖q‖)²(‖p‖ − Δ)/Δ.
            forwardSubstitute(factored.factor, p, q);
            lambda += (length / norm(q)) ** 2 * ((length - radius) / radius);
            for (let i = 0, row = 0; i < n; i++, row += n) {
              for (let j = 0; j < i; j++) shifted[row + j] = h[row + j];
              shifted[row + i] = h[row + i] + lambda;
            }
            factored = cholesky(shifted, n, factor);
          }
          return stepInEigenbasis(h, gradient, radius, p);
        },
      };
    },
  };
}

/** q ← L⁻¹p. */
function forwardSubstitute(l: Float64Array, p: Float64Array, q: Float64Array): void {
  const n = p.length;
  for (let i = 0, row = 0; i < n; i++, row += n) {
    let sum = p[i];
    for (let j = 0; j < i; j++) sum -= l[row + j] * q[j];
    q[i] = sum / l[row + i];
  }
}
