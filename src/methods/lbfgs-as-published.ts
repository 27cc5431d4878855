import { SecantPairs } from '../curvature/secant-pairs.js';
import { type Direction, descend } from '../search/descend.js';
import { fixedStep } from '../search/fixed-step.js';
import type { LineSearch } from '../search/line-search.js';
import type { Solver } from '../search/solver.js';
import { chosen, type OptionsOf, whole } from '../transforms/option.js';
import { searchOption } from './search-option.js';

export interface LbfgsAsPublishedOptions {
  /** How far to go, default `fixedStep(0.15)`. */
  search?: LineSearch;
  /** How many pairs are kept, default 100. */
  memory?: number;
}

export const lbfgsAsPublishedOptions: OptionsOf<LbfgsAsPublishedOptions> = {
  search: searchOption(fixedStep(0.15)),
  memory: whole(100, '[1, ∞)', 'how many pairs are kept'),
};

/**
 * L-BFGS as a widely read tutorial has it, error included: y = g⁺ − Hg, because the previous gradient was
 * overwritten by the direction made of it. The pairs break the secant equation, and the run stalls short of
 * the minimum. Kept to show the difference; use `lbfgs`.
 *
 * @example minimize(quartic(), [-0.9, 0.4], lbfgsAsPublished())
 */
export function lbfgsAsPublished(options: LbfgsAsPublishedOptions = {}): Solver {
  const { search, memory } = chosen('lbfgsAsPublished', lbfgsAsPublishedOptions, options);
  return descend(published(memory), search);
}

function published(memory: number): Direction {
  return {
    name: 'lbfgsAsPublished',
    options: { memory },
    start(n) {
      const pairs = new SecantPairs(n, memory);
      const transformed = new Float64Array(n);
      const difference = new Float64Array(n);
      return {
        propose(at, into) {
          transformed.set(at.gradient);
          pairs.apply(transformed, 1);
          for (let i = 0; i < n; i++) into[i] = -transformed[i];
          return undefined;
        },
        learn(s, _, at) {
          for (let i = 0; i < n; i++) difference[i] = at.gradient[i] - transformed[i];
          pairs.push(s, difference);
        },
      };
    },
  };
}
