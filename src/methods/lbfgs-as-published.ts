import { chosen, type OptionsOf } from '../algebra/option.js';
import { dot } from '../linalg/vector.js';
import type { Solver } from '../objective/solver.js';
import { type Direction, descend } from '../search/descend.js';
import { fixedStep } from '../search/fixed-step.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';

export interface LbfgsAsPublishedOptions {
  /** How far to go. */
  search?: LineSearch;
}

export const lbfgsAsPublishedOptions: OptionsOf<LbfgsAsPublishedOptions> = {
  search: searchOption(fixedStep(0.15)),
};

/**
 * L-BFGS as a widely read tutorial has it, error included: its dg = g⁺ − q subtracts not the previous gradient
 * but what the first loop of the recursion had already made of it. The pairs break the secant equation
 * H⁺y = s for the true y, and the run stalls short of the minimum. Kept to show the difference; use `lbfgs`.
 *
 * All pairs are kept, H₀ = I, but for those with sᵀdg = 0, which come once the run has stalled to rounding.
 *
 * @example minimize(quartic(), [-0.9, 0.4], lbfgsAsPublished())
 */
export function lbfgsAsPublished(options: LbfgsAsPublishedOptions = {}): Solver {
  const { search } = chosen('lbfgsAsPublished', lbfgsAsPublishedOptions, options);
  return descend(published, search);
}

const published: Direction = {
  name: 'lbfgsAsPublished',
  options: {},
  start(n) {
    const pairs: { s: Float64Array; dg: Float64Array; alpha: number }[] = [];
    const q = new Float64Array(n); // stays as the first loop left it
    return {
      propose(at, into) {
        q.set(at.gradient);
        for (const pair of pairs.toReversed()) {
          pair.alpha = dot(pair.s, q) / dot(pair.s, pair.dg);
          for (let i = 0; i < n; i++) q[i] -= pair.alpha * pair.dg[i];
        }
        into.set(q);
        for (const { s, dg, alpha } of pairs) {
          const beta = dot(dg, into) / dot(s, dg);
          for (let i = 0; i < n; i++) into[i] += (alpha - beta) * s[i];
        }
        for (let i = 0; i < n; i++) into[i] = -into[i];
        return undefined;
      },
      learn(s, _, at) {
        const dg = at.gradient.map((g, i) => g - q[i]);
        if (dot(s, dg) !== 0) pairs.push({ s: s.slice(), dg, alpha: 0 });
      },
    };
  },
};
