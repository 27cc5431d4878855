import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { LineSearchSubject, Phi } from '../../subjects/second-order/subject.js';

export const promisedConstants = { decrease: 1e-4, curvature: 0.9 };

/** What of a search may be done wrong; what is left out is done right. */
export interface BisectionParts {
  /** φ(0) as the search knows it. */
  value0?(phi: Phi, first: number): number;
  /** Whether φ is low enough at α. */
  low?(value: number, value0: number, alpha: number, slope0: number): boolean;
  /** Whether the slope is flat enough. */
  flat?(slope: number, slope0: number): boolean;
  /** Whether a value counts as a trial at all. */
  counts?(value: number): boolean;
  /** The longest step the search knows of. */
  longest?(asked: number): number;
  /** Whether the first trial is judged. */
  judgesFirst?: boolean;
}

/** Bisection for the weak Wolfe conditions (Burke, Lewis and Overton 2005): what is too high or not a number halves. */
export function bisectionSearch(
  parts: BisectionParts,
  { name = 'line search by bisection (naive)', claims = secondOrderClaims.bisection } = {},
): LineSearchSubject {
  const {
    value0: startValue = (phi) => phi.value(0),
    low = (value, value0, alpha, slope0) => value <= value0 + promisedConstants.decrease * alpha * slope0,
    flat = (slope, slope0) => slope >= promisedConstants.curvature * slope0,
    counts = Number.isFinite,
    longest: bound = (asked) => asked,
    judgesFirst = true,
  } = parts;
  return {
    kind: 'lineSearch',
    name,
    epsilon: 2 ** -52,
    claims,
    promise: { ...promisedConstants, slack: 0 },
    search(phi, first, longest) {
      const most = bound(longest);
      const value0 = startValue(phi, first);
      const slope0 = phi.slope(0);
      let [below, above] = [0, Number.POSITIVE_INFINITY];
      let alpha = Math.min(first, most);
      for (let trial = 0; trial < 100; trial++) {
        const value = phi.value(alpha);
        if (trial === 0 && !judgesFirst) return { found: true, alpha };
        if (!counts(value) || !low(value, value0, alpha, slope0)) above = alpha;
        else if (!flat(phi.slope(alpha), slope0)) below = alpha;
        else return { found: true, alpha };
        if (below >= most) return { found: false, alpha };
        alpha = Number.isFinite(above) ? (below + above) / 2 : Math.min(2 * below, most);
      }
      return { found: false, alpha };
    },
    scope: (body) => body(),
  };
}

export const bisectionOracle = bisectionSearch({});
