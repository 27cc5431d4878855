import type { HostArray } from '../algebra/host-array.js';
import { chosen, number } from '../algebra/option.js';
import { conjugateGradients } from '../curvature/conjugate-gradients.js';
import { hostVectors, lent } from '../linalg/host-vectors.js';
import { norm } from '../linalg/vector.js';
import { type Subproblem, type SubproblemEnd, toBoundary } from './quadratic-model.js';

export const steihaugOptions = {
  forcing: number(0.5, '(0, 1)', 'conjugate gradients stop when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖'),
};

/**
 * Minimizes the model in a trust region by conjugate gradients, which stop at the boundary, at a direction of
 * negative curvature, or when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖.
 *
 * Needs only products Hv. The first iterate is Cauchy's point, and each later one is lower and farther out.
 * Source: Steihaug 1983; Toint 1981; Nocedal and Wright 2006, algorithm 7.2.
 *
 * @throws RangeError unless 0 < forcing < 1
 * @example trustRegion({ subproblem: steihaug() })
 */
export function steihaug(forcing = steihaugOptions.forcing.default): Subproblem {
  chosen('steihaug', steihaugOptions, { forcing });
  return {
    name: 'steihaug',
    start: (n) => ({
      solve: ({ gradient, hessian }, radius, p): SubproblemEnd =>
        hostVectors.scope(() => {
          const found = conjugateGradients(hessian, hostVectors.neg(lent(gradient)), {
            tolerance: Math.min(forcing, Math.sqrt(norm(gradient))),
            maxIterations: 2 * n + 10,
            radius,
          });
          p.set((found.x as HostArray).data);
          const left = found.kind === 'boundary' || found.kind === 'negativeCurvature';
          if (left) {
            const d = (found.direction as HostArray).data;
            const tau = toBoundary(p, d, radius);
            for (let i = 0; i < n; i++) p[i] += tau * d[i];
          }
          return {
            multiplier: Number.NaN,
            onBoundary: left || norm(p) >= radius,
            negativeCurvature: found.kind === 'negativeCurvature',
          };
        }),
    }),
  };
}
