import { choice, chosen, flag, number, type OptionsOf } from '../algebra/option.js';
import type { ResidualScale } from '../least-squares/marquardt-model.js';
import { MarquardtSteps } from '../least-squares/marquardt-steps.js';
import type { LeastSquaresSolver } from '../objective/least-squares-solver.js';
import { solverMeasures } from '../objective/solver-measures.js';

export interface LevenbergMarquardtOptions {
  /** δ at the start, as a fraction of the curvature's scale. */
  damping?: number;
  /** What δ multiplies: 'start', 'identity', 'diagonal' or 'largest'. */
  scaling?: ResidualScale;
  /** Whether steps follow the bend of the residuals. */
  acceleration?: boolean;
}

export const levenbergMarquardtOptions: OptionsOf<LevenbergMarquardtOptions> = {
  damping: number(0.1, '(0, ∞)', "δ at the start, as a fraction of the curvature's scale"),
  scaling: choice('start', ['start', 'identity', 'diagonal', 'largest'], 'what δ multiplies'),
  acceleration: flag(true, 'whether steps follow the bend of the residuals'),
};

/**
 * Levenberg–Marquardt, for sums of squares: p minimizes ‖Jp + r‖² + δ‖Dp‖², by QR.
 *
 * Accepted where the value falls, and δ then falls with the gain ratio; else discarded, and δ rises. D is 1/|xⱼ| of the
 * start with 'start', so that x is measured in its own size; I with 'identity' (Levenberg); the column norms of J with
 * 'diagonal' (Marquardt), their maxima over the run with 'largest' (MINPACK). Only the path with 'identity' depends on
 * the units of the variables. δ starts at `damping` times the largest squared column norm of JD⁻¹. For functions that
 * are no sums of squares see `levenbergMarquardtNewton`.
 * With bounds p minimizes the damped model in the box: along the steepest path that bends at bounds, then over what is
 * free there; while none is near the path is that without bounds, bit for bit.
 * Source: Levenberg 1944; Marquardt 1963; Moré 1978; Nielsen 1999.
 *
 * @throws RangeError unless damping > 0; TypeError on an unknown scaling
 * @example leastSquares({ residuals: ([a]) => Float64Array.of(a - 1, a * a - 1) }, [3], levenbergMarquardt())
 */
export function levenbergMarquardt(options: LevenbergMarquardtOptions = {}): LeastSquaresSolver {
  const rules = chosen('levenbergMarquardt', levenbergMarquardtOptions, options);
  return {
    name: 'levenbergMarquardt',
    bounded: true,
    measures: solverMeasures(
      'damping',
      'gainRatio',
      'predictedDecrease',
      'actualDecrease',
      'rejections',
      'bend',
    ),
    options: { ...rules },
    startResiduals: (evaluations, at) => new MarquardtSteps(evaluations, at, rules),
  };
}
