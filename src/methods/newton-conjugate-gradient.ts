import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { TruncatedNewton, truncatedDimensions } from '../curvature/truncated-newton.js';
import { dot, norm } from '../linalg/vector.js';
import { hessianOperator } from '../objective/hessian-operator.js';
import type { Iterate } from '../objective/iterate.js';
import type { Outcome } from '../objective/outcome.js';
import type { Solver } from '../objective/solver.js';
import { solverMeasures } from '../objective/solver-measures.js';
import { backtracking } from '../search/backtracking.js';
import { type Direction, descend, firstStepLength } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';

export interface NewtonConjugateGradientOptions {
  /** How far to go. */
  search?: LineSearch;
  /** The inner iteration stops when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖. */
  forcing?: number;
}

export const newtonConjugateGradientOptions: OptionsOf<NewtonConjugateGradientOptions> = {
  search: searchOption(backtracking()),
  forcing: number(0.5, '(0, 1)', 'the inner iteration stops when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖'),
};

/**
 * Newton–CG: Newton's equations Hp = −g solved by conjugate gradients, cut off early far from the minimum and
 * at the first direction of negative curvature.
 *
 * Needs only products Hv (the problem's, its Hessian's, or differences of its gradient): 5n numbers of memory.
 * Converges superlinearly.
 * Source: Dembo, Eisenstat and Steihaug 1982; Nocedal and Wright 2006, algorithm 7.1.
 *
 * @throws RangeError unless 0 < forcing < 1
 * @example minimize(rosenbrock(2), [-1.2, 1], newtonConjugateGradient())
 */
export function newtonConjugateGradient(options: NewtonConjugateGradientOptions = {}): Solver {
  const { search, forcing } = chosen('newtonConjugateGradient', newtonConjugateGradientOptions, options);
  return descend(truncated(forcing), search);
}

function truncated(forcing: number): Direction {
  return {
    name: 'newtonConjugateGradient',
    options: { forcing },
    homogeneous: true,
    measures: solverMeasures('iterations', 'residual', 'negativeCurvature'),
    dimensions: truncatedDimensions,
    start(n, evaluations) {
      const hessian = hessianOperator(evaluations);
      const equations = new TruncatedNewton(n, forcing);
      return {
        measures: {},
        propose(at, p) {
          const { x, gradient } = at;
          hessian.moveTo(x);
          const { kind, curvature, measures } = equations.solve(hessian, gradient, p, rounding);
          this.measures = measures;
          if (kind === 'nonFinite') return productNotFinite;
          if (kind === 'negativeCurvature' && measures.iterations === 0) downhill(at, curvature, p);
          return undefined;
        },
      };
    },
  };
}

/** Curvature below it is taken for negative. */
const rounding = { leastCurvature: Number.EPSILON };

/**
 * Where f curves down along −g itself, nothing better is known: as far as it would be to the minimum if f curved up
 * as much, and no further than the first step of a method that has learnt nothing.
 */
function downhill(at: Iterate, curvature: number, into: Float64Array): void {
  const { gradient } = at;
  const mirrored = dot(gradient, gradient) / Math.abs(curvature);
  const scale = Math.min(mirrored, firstStepLength(at) / norm(gradient));
  for (let i = 0; i < into.length; i++) into[i] = -scale * gradient[i];
}

const productNotFinite: Outcome = {
  kind: 'nonFinite',
  message: 'a product with the Hessian is not finite',
};
