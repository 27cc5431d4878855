import { chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Solver } from '../objective/solver.js';
import { descend } from '../search/descend.js';
import { fixedStep } from '../search/fixed-step.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { hessianDirection, solvedByLu } from './hessian-direction.js';

export interface DampedNewtonOptions {
  /** λ. */
  damping?: number;
  /** How far to go. */
  search?: LineSearch;
}

export const dampedNewtonOptions: OptionsOf<DampedNewtonOptions> = {
  damping: number(1, '[0, ∞)', 'λ, which is added to every eigenvalue'),
  search: searchOption(fixedStep(1)),
};

/**
 * Newton's method with a constant damping: x⁺ = x − α(H + λI)⁻¹g.
 *
 * λ → 0 is Newton's step, λ → ∞ a short gradient step; for H ⪰ 0 ‖p‖ falls with λ and is at most ‖g‖/λ. It
 * descends where λ exceeds −λ₁(H).
 * Source: Levenberg 1944; Goldfeld, Quandt and Trotter 1966.
 *
 * @throws RangeError unless damping ≥ 0
 * @example minimize(rosenbrock(2), [-1.2, 1], dampedNewton({ damping: 0.1 }))
 */
export function dampedNewton(options: DampedNewtonOptions = {}): Solver {
  const { damping, search } = chosen('dampedNewton', dampedNewtonOptions, options);
  const direction = hessianDirection('dampedNewton', { damping }, solvedByLu(damping), damping === 0);
  return descend(direction, search);
}
