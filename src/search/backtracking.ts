import { chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Line } from './line.js';
import type { LineSearch, SearchEnd } from './line-search.js';

export interface BacktrackingOptions {
  /** c₁ of the sufficient decrease. */
  c1?: number;
  /** The step after a failed one is at least this fraction of it, … */
  shrinkAtLeast?: number;
  /** … and at most this one. */
  shrinkAtMost?: number;
}

export const backtrackingOptions: OptionsOf<BacktrackingOptions> = {
  c1: number(1e-4, '(0, 0.5)', 'c₁ of the sufficient decrease'),
  shrinkAtLeast: number(
    0.1,
    '(0, shrinkAtMost]',
    'the least fraction of a step that is tried after it failed',
  ),
  shrinkAtMost: number(0.5, '(0, 1)', 'the largest such fraction'),
};

const mostTrials = 60;

/**
 * Backtracks from the first step until f(x + αp) ≤ f(x) + c₁αgᵀp.
 *
 * The next trial minimizes the parabola through φ(0), φ′(0) and φ(α), kept within the shrink bounds; a value
 * that is not finite shrinks by the smaller one. One gradient is evaluated, at the accepted step.
 * Source: Armijo 1966; Nocedal and Wright 2006, algorithm 3.1.
 *
 * @throws RangeError unless 0 < c1 < ½ and 0 < shrinkAtLeast ≤ shrinkAtMost < 1
 * @example lineSearchNewton({ search: backtracking() })
 */
export function backtracking(options: BacktrackingOptions = {}): LineSearch {
  const rules = chosen('backtracking', backtrackingOptions, options);
  return {
    name: 'backtracking',
    options: { ...rules },
    search: (line, first, longest) => backtrack(line, Math.min(first, longest), rules),
  };
}

function backtrack(
  line: Line,
  first: number,
  { c1, shrinkAtLeast, shrinkAtMost }: Required<BacktrackingOptions>,
): SearchEnd {
  const { value0, slope0 } = line;
  if (!(slope0 < 0)) return 'noDecrease';
  const noise = 4 * Number.EPSILON * Math.abs(value0);
  let alpha = first;
  let everFinite = false;
  for (let trial = 0; trial < mostTrials; trial++) {
    let shrink = shrinkAtLeast;
    if (line.tryValue(alpha)) {
      everFinite = true;
      const decrease = line.value - value0;
      if (decrease <= c1 * alpha * slope0) {
        if (line.completeGradient()) return 'found';
      } else {
        // Below rounding the values say nothing: f is flat as far as float64 can see.
        if (Math.abs(decrease) <= noise && -alpha * slope0 <= noise) return 'precision';
        const minimum = (-slope0 * alpha) / (2 * (decrease - alpha * slope0)); // of the parabola, as a fraction
        shrink = Math.min(shrinkAtMost, Math.max(shrinkAtLeast, minimum));
      }
    }
    alpha *= shrink;
  }
  return everFinite ? 'noDecrease' : 'nonFinite';
}
