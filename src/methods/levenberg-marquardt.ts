import { choice, chosen, flag, number, type OptionsOf } from '../algebra/option.js';
import type { ResidualScale } from '../least-squares/marquardt-model.js';
import { MarquardtSteps } from '../least-squares/marquardt-steps.js';
import type { LeastSquaresSolver } from '../objective/least-squares-solver.js';
import type { Solver } from '../objective/solver.js';
import { DampedHessianSteps } from '../trust-region/damped-hessian-steps.js';

export interface LevenbergMarquardtOptions {
  /** δ at the start, as a fraction of the curvature's scale; default 0.1. */
  damping?: number;
  /** What δ multiplies: 'identity', 'diagonal' or 'largest'; default 'identity', the most robust. */
  scaling?: ResidualScale;
  /** Whether steps in `leastSquares` follow the bend of the residuals; default true. */
  acceleration?: boolean;
}

export const levenbergMarquardtOptions: OptionsOf<LevenbergMarquardtOptions> = {
  damping: number(0.1, '(0, ∞)', "δ at the start, as a fraction of the curvature's scale"),
  scaling: choice('identity', ['identity', 'diagonal', 'largest'], 'what δ multiplies'),
  acceleration: flag(true, 'whether steps follow the bend of the residuals'),
};

/**
 * Levenberg–Marquardt, for sums of squares and for any function.
 *
 * In `leastSquares`: p minimizes ‖Jp + r‖² + δ‖Dp‖², by QR. In `minimize`: p = −(H + δD)⁻¹g. Accepted where the
 * value falls, and δ then falls with the gain ratio; else discarded, and δ rises. D = I with 'identity'
 * (Levenberg); the curvature's diagonal with 'diagonal' (Marquardt), its maximum over the run with 'largest'
 * (MINPACK; for functions the same as 'diagonal'). δ starts at `damping` times the largest curvature for
 * 'identity', at `damping` itself for the others.
 * Source: Levenberg 1944; Marquardt 1963; Moré 1978; Nielsen 1999.
 *
 * @throws RangeError unless damping > 0; TypeError on an unknown scaling
 * @example leastSquares({ residuals: ([a]) => Float64Array.of(a - 1, a * a - 1) }, [3], levenbergMarquardt())
 */
export function levenbergMarquardt(options: LevenbergMarquardtOptions = {}): Solver & LeastSquaresSolver {
  const { damping, scaling, acceleration } = chosen('levenbergMarquardt', levenbergMarquardtOptions, options);
  return {
    name: 'levenbergMarquardt',
    options: { damping, scaling, acceleration },
    start: (evaluations, at) =>
      new DampedHessianSteps(evaluations, at, damping, scaling === 'identity' ? 'identity' : 'diagonal'),
    startResiduals: (evaluations, at) =>
      new MarquardtSteps(evaluations, at, { damping, scaling, acceleration }),
  };
}
