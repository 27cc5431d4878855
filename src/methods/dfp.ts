import { choice, chosen, flag, type OptionsOf } from '../algebra/option.js';
import { updateInverseDfp } from '../curvature/inverse-dfp.js';
import type { Solver } from '../objective/solver.js';
import { carefulFirstLength, descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { strongWolfe } from '../search/strong-wolfe.js';
import { type CurvatureGuard, inverseQuasiNewton } from './inverse-quasi-newton.js';

export interface DfpOptions {
  /** How far to go. A nearly exact search helps: DFP recovers from bad estimates slowly. */
  search?: LineSearch;
  /** What to do with a pair whose curvature yᵀs is too small. */
  guard?: CurvatureGuard;
  /** Whether H₀ is scaled to sᵀy/yᵀy before the first update; false keeps H₀ = I. */
  scaled?: boolean;
}

export const dfpOptions: OptionsOf<DfpOptions> = {
  search: searchOption(strongWolfe({ c2: 0.1 })),
  guard: choice('skip', ['skip', 'damp', 'none'], 'what becomes of a pair with too little curvature'),
  scaled: flag(true, 'whether H₀ is scaled to sᵀy/yᵀy before the first update'),
};

/**
 * DFP: x⁺ = x − αHg with H⁺ = H − Hy(Hy)ᵀ/yᵀHy + ssᵀ/yᵀs, the dual of BFGS (H ↔ B, s ↔ y).
 *
 * With exact searches on a quadratic its iterates are those of BFGS and of conjugate gradients.
 * Source: Davidon 1959, Fletcher and Powell 1963; Nocedal and Wright 2006, equation 6.15.
 *
 * @throws TypeError on an unknown option or guard
 * @example minimize(rosenbrock(2), [-1.2, 1], dfp())
 */
export function dfp(options: DfpOptions = {}): Solver {
  const { search, guard, scaled } = chosen('dfp', dfpOptions, options);
  const direction = inverseQuasiNewton('dfp', { guard, scaled }, updateInverseDfp);
  return descend({ ...direction, firstLength: carefulFirstLength }, search);
}
