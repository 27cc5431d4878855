import { chosen, flag, type OptionsOf, whole } from '../algebra/option.js';
import { limitedMemoryInverse } from '../curvature/limited-memory.js';
import type { Solver } from '../objective/solver.js';
import { type Direction, descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { strongWolfe } from '../search/strong-wolfe.js';
import { secantDirection } from './secant-direction.js';

export interface LbfgsOptions {
  /** How far to go. */
  search?: LineSearch;
  /** m, how many pairs are kept. */
  memory?: number;
  /** Whether H₀ is γI with γ = sᵀy/yᵀy of the newest pair; false keeps H₀ = I. */
  scaled?: boolean;
}

export const lbfgsOptions: OptionsOf<LbfgsOptions> = {
  search: searchOption(strongWolfe()),
  memory: whole(10, '[1, ∞)', 'm, how many pairs are kept'),
  scaled: flag(true, 'whether H₀ is γI with γ = sᵀy/yᵀy of the newest pair'),
};

/**
 * L-BFGS: BFGS that keeps the last m pairs (s, y) in place of the matrix, and applies it by the two-loop
 * recursion.
 *
 * 2mn numbers of memory and about 4mn operations an iteration; nothing is allocated between iterations. From 32
 * variables on the recursion runs on inner products of the pairs.
 * Source: Liu and Nocedal 1989; Nocedal and Wright 2006, algorithm 7.5.
 *
 * @throws RangeError unless memory is a whole number ≥ 1
 * @example minimize(rosenbrock(2), [-1.2, 1], lbfgs({ memory: 20 }))
 */
export function lbfgs(options: LbfgsOptions = {}): Solver {
  const { search, memory, scaled } = chosen('lbfgs', lbfgsOptions, options);
  return descend(limitedMemory(memory, scaled), search);
}

/** The direction −Hg of the last m pairs, with H₀ = I or γI. */
export function limitedMemory(memory: number, scaled: boolean): Direction {
  return secantDirection('lbfgs', { memory, scaled }, scaled, (n) => limitedMemoryInverse(n, memory, scaled));
}
