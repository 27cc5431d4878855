import { chosen, number, numberOr, type OptionsOf } from '../algebra/option.js';
import { hessianOperator } from '../objective/hessian-operator.js';
import type { Solver } from '../objective/solver.js';
import { exact } from '../trust-region/exact-subproblem.js';
import type { Subproblem } from '../trust-region/quadratic-model.js';
import { subproblemOption } from '../trust-region/subproblems.js';
import { trustRegionSolver } from '../trust-region/trust-region.js';

export interface TrustRegionOptions {
  /** How the model is minimized: `exact()`, `dogleg()` or `steihaug()`. */
  subproblem?: Subproblem;
  /** Δ at the start; 'cauchy' is as far as the model's minimum along −g. */
  initialRadius?: number | 'cauchy';
  /** The largest Δ. */
  maxRadius?: number;
  /** A trial is accepted when its gain ratio ρ exceeds this. */
  acceptance?: number;
}

export const trustRegionOptions: OptionsOf<TrustRegionOptions> = {
  subproblem: subproblemOption(exact()),
  initialRadius: numberOr('cauchy', '(0, ∞)', 'cauchy', 'Δ at the start'),
  maxRadius: number(Number.POSITIVE_INFINITY, '(0, ∞]', 'the largest Δ'),
  acceptance: number(1e-4, '[0, 0.25)', 'a trial is accepted when its gain ratio exceeds this'),
};

/**
 * Trust-region Newton: x⁺ = x + p, p the minimizer of gᵀp + ½pᵀHp over ‖p‖ ≤ Δ, Δ ruled by the gain ratio.
 *
 * Indefinite Hessians are no trouble: negative curvature is followed to the boundary. Converges to points with
 * g = 0 and, by the exact subproblem, H ⪰ 0; quadratically where H is positive definite. The first Δ takes the
 * function's own scale, ‖g‖³/|gᵀHg|, so that neither f → cf nor x → cx changes the course.
 * Source: Moré and Sorensen 1983; Nocedal and Wright 2006, chapter 4;
 * Powell 1970 for the first radius.
 *
 * @throws RangeError unless 0 < initialRadius, 0 < maxRadius, 0 ≤ acceptance < ¼
 * @example minimize(rosenbrock(2), [-1.2, 1], trustRegion({ subproblem: dogleg() }))
 */
export function trustRegion(options: TrustRegionOptions = {}): Solver {
  const { subproblem, ...region } = chosen('trustRegion', trustRegionOptions, options);
  return trustRegionSolver(
    'trustRegion',
    { subproblem: subproblem.name, ...region },
    region,
    subproblem,
    hessianOperator,
  );
}
