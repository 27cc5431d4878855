import { chosen, type OptionsOf } from '../algebra/option.js';
import type { Solver } from '../objective/solver.js';
import { backtracking } from '../search/backtracking.js';
import { descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { hessianDirection, solvedByLu } from './hessian-direction.js';

export interface LineSearchNewtonOptions {
  /** How far to go. */
  search?: LineSearch;
}

export const lineSearchNewtonOptions: OptionsOf<LineSearchNewtonOptions> = {
  search: searchOption(backtracking()),
};

/**
 * Newton's method as far as a search says: x⁺ = x − αH⁻¹g, undamped.
 *
 * A singular Hessian ends the run by an outcome, and so does a direction that ascends, as it does where H is not
 * positive definite: `modifiedNewton`, `absoluteNewton` and `trustRegion` go on from there.
 * Source: Nocedal and Wright 2006, section 3.3.
 *
 * @throws TypeError on an unknown option
 * @example minimize(rosenbrock(2), [-1.2, 1], lineSearchNewton({ search: strongWolfe() }))
 */
export function lineSearchNewton(options: LineSearchNewtonOptions = {}): Solver {
  const { search } = chosen('lineSearchNewton', lineSearchNewtonOptions, options);
  return descend(hessianDirection('lineSearchNewton', {}, solvedByLu(0)), search);
}
