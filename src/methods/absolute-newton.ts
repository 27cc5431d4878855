import { chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Solver } from '../objective/solver.js';
import { backtracking } from '../search/backtracking.js';
import { descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { spectralDirection } from './spectral-newton.js';

export interface AbsoluteNewtonOptions {
  /** How far to go. */
  search?: LineSearch;
  /** |λᵢ| counts as at least this fraction of the largest. */
  floor?: number;
}

export const absoluteNewtonOptions: OptionsOf<AbsoluteNewtonOptions> = {
  search: searchOption(backtracking()),
  floor: number(1e-8, '[0, 1)', '|λᵢ| counts as at least this fraction of the largest'),
};

/**
 * Saddle-free Newton: x⁺ = x − α|H|⁻¹g, |H| with the absolute eigenvalues of the Hessian.
 *
 * A mode with λᵢ < 0 is left as fast as one with λᵢ > 0 is descended, so saddles repel; where H is positive
 * definite it is Newton's method. gᵀp < 0 wherever g ≠ 0.
 * Source: Gill, Murray and Wright 1981, section 4.4.2.1; Dauphin et al. 2014.
 *
 * @throws RangeError unless 0 ≤ floor < 1
 * @example minimize(rosenbrock(2), [-1.2, 1], absoluteNewton({ search: fixedStep(0.8) }))
 */
export function absoluteNewton(options: AbsoluteNewtonOptions = {}): Solver {
  const { search, floor } = chosen('absoluteNewton', absoluteNewtonOptions, options);
  const inverse = (eigenvalue: number, largest: number) =>
    1 / Math.max(Math.abs(eigenvalue), floor * largest);
  return descend(spectralDirection('absoluteNewton', { floor }, inverse), search);
}
