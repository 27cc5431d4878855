import { choice, chosen, flag, type OptionsOf } from '../algebra/option.js';
import { updateInverseBfgs } from '../curvature/inverse-bfgs.js';
import type { Solver } from '../objective/solver.js';
import { descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { strongWolfe } from '../search/strong-wolfe.js';
import { type CurvatureGuard, inverseQuasiNewton } from './inverse-quasi-newton.js';

export interface BfgsOptions {
  /** How far to go. */
  search?: LineSearch;
  /** What to do with a pair whose curvature yᵀs is too small. */
  guard?: CurvatureGuard;
  /** Whether H₀ is scaled to sᵀy/yᵀy before the first update; false keeps H₀ = I. */
  scaled?: boolean;
}

export const bfgsOptions: OptionsOf<BfgsOptions> = {
  search: searchOption(strongWolfe()),
  guard: choice('skip', ['skip', 'damp', 'none'], 'what becomes of a pair with too little curvature'),
  scaled: flag(true, 'whether H₀ is scaled to sᵀy/yᵀy before the first update'),
};

/**
 * BFGS: x⁺ = x − αHg, where H, an estimate of the inverse Hessian, takes in each step by
 * H⁺ = (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ, ρ = 1/yᵀs.
 *
 * n² numbers of memory and of work an iteration. With the strong Wolfe search every pair has yᵀs > 0.
 * Source: Broyden, Fletcher, Goldfarb, Shanno 1970; Nocedal and Wright 2006, algorithm 6.1.
 *
 * @throws TypeError on an unknown option or guard
 * @example minimize(rosenbrock(10), rosenbrock(10).start, bfgs())
 */
export function bfgs(options: BfgsOptions = {}): Solver {
  const { search, guard, scaled } = chosen('bfgs', bfgsOptions, options);
  return descend(inverseQuasiNewton('bfgs', { guard, scaled }, updateInverseBfgs), search);
}
