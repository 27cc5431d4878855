import { chosen, number, numberOr, type OptionsOf } from '../algebra/option.js';
import { GaussNewtonSteps } from '../least-squares/gauss-newton-steps.js';
import type { LeastSquaresSolver } from '../objective/least-squares-solver.js';
import { solverMeasures } from '../objective/solver-measures.js';

export interface GaussNewtonOptions {
  /** λ; 0 takes the pseudoinverse. */
  damping?: number;
  /** The fraction of the step that is taken, or 'backtracking' until the value falls. */
  stepLength?: number | 'backtracking';
}

export const gaussNewtonOptions: OptionsOf<GaussNewtonOptions> = {
  damping: number(0, '[0, ∞)', 'λ; 0 takes the pseudoinverse'),
  stepLength: numberOr('backtracking', '(0, ∞)', 'backtracking', 'the fraction of the step that is taken'),
};

/**
 * Gauss–Newton: x⁺ = x − αJ⁺r, or x − α(JᵀJ + λI)⁻¹Jᵀr with damping λ > 0.
 *
 * Newton's method without the residuals' own curvature: exact in one step for linear r, quadratic where the
 * residuals vanish at the minimum. A Jacobian of deficient rank takes the shortest step.
 * Source: Gauss 1809; Björck 1996, section 9.2.
 *
 * @throws RangeError unless damping ≥ 0 and a numeric stepLength > 0
 * @example leastSquares({ residuals: ([a]) => Float64Array.of(a - 1, a * a - 1) }, [3], gaussNewton())
 */
export function gaussNewton(options: GaussNewtonOptions = {}): LeastSquaresSolver {
  const { damping, stepLength } = chosen('gaussNewton', gaussNewtonOptions, options);
  return {
    name: 'gaussNewton',
    measures: solverMeasures('stepLength', 'rank'),
    options: { damping, stepLength },
    startResiduals: (evaluations, at) => new GaussNewtonSteps(evaluations, at, damping, stepLength),
  };
}
