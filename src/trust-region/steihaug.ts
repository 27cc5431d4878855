import { chosen, number } from '../algebra/option.js';
import { TruncatedNewton, truncatedDimensions } from '../curvature/truncated-newton.js';
import { norm } from '../linalg/vector.js';
import { solverMeasures } from '../objective/solver-measures.js';
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
    measures: solverMeasures('iterations', 'residual', 'negativeCurvature'),
    dimensions: truncatedDimensions,
    start(n) {
      const equations = new TruncatedNewton(n, forcing);
      return {
        solve({ gradient, hessian }, radius, p): SubproblemEnd {
          const { kind, direction, measures } = equations.solve(hessian, gradient, p, { radius });
          if (direction !== undefined) {
            const tau = toBoundary(p, direction, radius);
            for (let i = 0; i < n; i++) p[i] += tau * direction[i];
          }
          return {
            multiplier: Number.NaN,
            onBoundary: direction !== undefined || norm(p) >= radius,
            negativeCurvature: kind === 'negativeCurvature',
            measures,
          };
        },
      };
    },
  };
}
