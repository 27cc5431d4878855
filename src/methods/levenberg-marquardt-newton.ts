import { choice, chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import { inOwnUnits } from '../objective/own-units.js';
import type { Solver } from '../objective/solver.js';
import { solverMeasures } from '../objective/solver-measures.js';
import { DampedHessianSteps, type DampingScale } from '../trust-region/damped-hessian-steps.js';

export interface LevenbergMarquardtNewtonOptions {
  /** δ at the start, as a fraction of the curvature's scale. */
  damping?: number;
  /** What δ multiplies: 'identity', which is the most robust, or 'diagonal'. */
  scaling?: DampingScale;
}

export const levenbergMarquardtNewtonOptions: OptionsOf<LevenbergMarquardtNewtonOptions> = {
  damping: number(0.1, '(0, ∞)', "δ at the start, as a fraction of the curvature's scale"),
  scaling: choice('identity', ['identity', 'diagonal'], 'what δ multiplies'),
};

/**
 * Levenberg and Marquardt's damping on the Hessian of any function: p = −(H + δD)⁻¹g, D = I or |diag H|.
 *
 * Accepted where the value falls, and δ then falls with the gain ratio; else discarded, and δ rises. δ starts at
 * `damping` times the largest curvature for 'identity', at `damping` itself for 'diagonal'. For sums of squares
 * `levenbergMarquardt` needs no second derivatives.
 * Source: Levenberg 1944; Marquardt 1963; Nielsen 1999.
 *
 * @throws RangeError unless damping > 0; TypeError on an unknown scaling
 * @example minimize(rosenbrock(2), [-1.2, 1], levenbergMarquardtNewton())
 */
export function levenbergMarquardtNewton(options: LevenbergMarquardtNewtonOptions = {}): Solver {
  const { damping, scaling } = chosen('levenbergMarquardtNewton', levenbergMarquardtNewtonOptions, options);
  return {
    name: 'levenbergMarquardtNewton',
    measures: solverMeasures('damping', 'gainRatio', 'predictedDecrease', 'actualDecrease', 'rejections'),
    options: { damping, scaling },
    start(evaluations, at) {
      const begin = (own: Evaluations, from: Iterate) => new DampedHessianSteps(own, from, damping, scaling);
      // |diag H| knows the units of each variable by itself.
      return scaling === 'identity' ? inOwnUnits(evaluations, at, begin) : begin(evaluations, at);
    },
  };
}
