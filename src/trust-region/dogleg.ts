import { cholesky, choleskySolve } from '../linalg/cholesky.js';
import { dot, norm } from '../linalg/vector.js';
import { type Subproblem, type SubproblemEnd, toBoundary } from './quadratic-model.js';

/**
 * The dogleg step: along −g to Cauchy's point, from there towards Newton's point, until the path ends or leaves
 * the region.
 *
 * Where H is not positive definite there is no Newton point on the path, and the step is Cauchy's: to the
 * boundary along −g where gᵀHg ≤ 0.
 * Source: Powell 1970; Nocedal and Wright 2006, section 4.1.
 *
 * @example trustRegion({ subproblem: dogleg() })
 */
export function dogleg(): Subproblem {
  return {
    name: 'dogleg',
    start(n) {
      const factor = new Float64Array(n * n);
      const newton = new Float64Array(n);
      const hg = new Float64Array(n);
      return {
        solve({ gradient, hessian }, radius, p): SubproblemEnd {
          const factored = cholesky(hessian.dense(), n, factor);
          const convex = factored.kind === 'factored';
          if (convex) {
            choleskySolve(factored, gradient, newton);
            if (norm(newton) <= radius) {
              for (let i = 0; i < n; i++) p[i] = -newton[i];
              return { multiplier: Number.NaN, onBoundary: false, negativeCurvature: false };
            }
          }
          hessian.multiply(gradient, hg);
          const curvature = dot(gradient, hg);
          const size = norm(gradient);
          const cauchy = curvature > 0 ? (size * size) / curvature : Number.POSITIVE_INFINITY;
          if (cauchy * size >= radius) {
            for (let i = 0; i < n; i++) p[i] = (-radius / size) * gradient[i];
            return { multiplier: Number.NaN, onBoundary: true, negativeCurvature: !convex };
          }
          for (let i = 0; i < n; i++) p[i] = -cauchy * gradient[i];
          if (!convex) return { multiplier: Number.NaN, onBoundary: false, negativeCurvature: true };
          for (let i = 0; i < n; i++) newton[i] = -newton[i] - p[i];
          const tau = Math.min(1, toBoundary(p, newton, radius));
          for (let i = 0; i < n; i++) p[i] += tau * newton[i];
          return { multiplier: Number.NaN, onBoundary: true, negativeCurvature: false };
        },
      };
    },
  };
}
