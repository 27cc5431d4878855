import { inRange, knownOptions } from '../algebra/argument.js';
import type { Line } from './line.js';
import type { LineSearch, SearchEnd } from './line-search.js';

export interface BacktrackingOptions {
  /** c₁ of the sufficient decrease, default 1e-4. */
  c1?: number;
  /** The step after a failed one is at least this fraction of it, default 0.1, … */
  shrinkAtLeast?: number;
  /** … and at most this one, default 0.5. */
  shrinkAtMost?: number;
}

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
  const chosen = { c1: 1e-4, shrinkAtLeast: 0.1, shrinkAtMost: 0.5, ...options };
  knownOptions('backtracking', options, ['c1', 'shrinkAtLeast', 'shrinkAtMost']);
  inRange('backtracking', 'c1', chosen.c1, '(0, 0.5)');
  inRange('backtracking', 'shrinkAtMost', chosen.shrinkAtMost, '(0, 1)');
  inRange('backtracking', 'shrinkAtLeast', chosen.shrinkAtLeast, `(0, ${chosen.shrinkAtMost}]`);
  return {
    name: 'backtracking',
    options: chosen,
    search: (line, first, longest) => backtrack(line, Math.min(first, longest), chosen),
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
