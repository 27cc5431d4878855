import { chosen, number, numberOr, type OptionsOf } from '../algebra/option.js';
import { learntMatrix } from '../curvature/learnt-matrix.js';
import { updateSymmetricRankOne } from '../curvature/symmetric-rank-one.js';
import { dot } from '../linalg/vector.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Solver } from '../objective/solver.js';
import { exact } from '../trust-region/exact-subproblem.js';
import type { Subproblem } from '../trust-region/quadratic-model.js';
import { subproblemOption } from '../trust-region/subproblems.js';
import { type ModelHessian, trustRegionSolver } from '../trust-region/trust-region.js';

export interface Sr1Options {
  /** How the model is minimized; the estimate may be indefinite. */
  subproblem?: Subproblem;
  /** Δ at the start; 'cauchy' is as long as the start is far from 0. */
  initialRadius?: number | 'cauchy';
  /** The largest Δ. */
  maxRadius?: number;
}

export const sr1Options: OptionsOf<Sr1Options> = {
  subproblem: subproblemOption(exact()),
  initialRadius: numberOr('cauchy', '(0, ∞)', 'cauchy', 'Δ at the start'),
  maxRadius: number(Number.POSITIVE_INFINITY, '(0, ∞]', 'the largest Δ'),
};

/**
 * The symmetric rank-one method in a trust region: B⁺ = B + vvᵀ/vᵀs, v = y − Bs, learnt from rejected trials too.
 *
 * B may become indefinite, as the Hessian is, and after n independent steps on a quadratic it is the Hessian.
 * The first pair scales B₀ = I to |yᵀs|/sᵀs.
 * Source: Conn, Gould and Toint 1991; Nocedal and Wright 2006, algorithm 6.2.
 *
 * @throws RangeError unless 0 < initialRadius and 0 < maxRadius
 * @example minimize(rosenbrock(2), [-1.2, 1], sr1())
 */
export function sr1(options: Sr1Options = {}): Solver {
  const { subproblem, ...region } = chosen('sr1', sr1Options, options);
  const radii = { ...region, acceptance: 1e-4 };
  return trustRegionSolver(
    'sr1',
    { subproblem: subproblem.name, ...region },
    radii,
    subproblem,
    rankOneHessian,
  );
}

function rankOneHessian({ n }: Evaluations): ModelHessian {
  const work = new Float64Array(n);
  return learntMatrix(n, 'sr1', { symmetric: true }, (b, s, y, first, begin) => {
    const curvature = Math.abs(dot(y, s)) / dot(s, s);
    if (first && curvature > 0) begin(curvature);
    updateSymmetricRankOne(b, s, y, work);
    return true;
  });
}
