import { chosen, type OptionsOf } from '../algebra/option.js';
import { updateInverseBroyden } from '../curvature/broyden.js';
import { learntMatrix } from '../curvature/learnt-matrix.js';
import type { Solver } from '../objective/solver.js';
import { descend } from '../search/descend.js';
import { fixedStep } from '../search/fixed-step.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { secantDirection } from './secant-direction.js';

export interface BroydenOptions {
  /** How far to go. Under `fixedStep(1)` a linear gradient takes at most 2n steps. */
  search?: LineSearch;
}

export const broydenOptions: OptionsOf<BroydenOptions> = { search: searchOption(fixedStep(1)) };

/**
 * Broyden's good method on ∇f = 0: x⁺ = x − αHg with H⁺ = H + (s − Hy)sᵀH/sᵀHy, H₀ = I.
 *
 * H estimates the inverse Jacobian of the gradient, and is not symmetric: a method for nonlinear equations,
 * which seeks a stationary point and not a descent. For symmetric estimates see `sr1` and `bfgs`.
 * Source: Broyden 1965; Gay 1979 (2n steps).
 *
 * @throws TypeError on an unknown option
 * @example minimize(rosenbrock(2), [-1.2, 1], broyden({ search: backtracking() }))
 */
export function broyden(options: BroydenOptions = {}): Solver {
  const { search } = chosen('broyden', broydenOptions, options);
  return descend(broydenDirection, search);
}

const broydenDirection = secantDirection('broyden', {}, true, (n) => {
  const work = new Float64Array(2 * n);
  return learntMatrix(n, 'inverse Jacobian', {}, (h, s, y) => updateInverseBroyden(h, s, y, work));
});
