import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { Bracket } from './bracket.js';
import type { Line } from './line.js';
import type { LineSearch, SearchEnd } from './line-search.js';

export interface StrongWolfeOptions {
  /** c₁ of the sufficient decrease. */
  c1?: number;
  /** c₂ of the curvature condition; 0.1 is usual for conjugate gradients. */
  c2?: number;
}

export const strongWolfeOptions: OptionsOf<StrongWolfeOptions> = {
  c1: number(1e-4, '(0, c2)', 'c₁ of the sufficient decrease'),
  c2: number(0.9, '(0, 1)', 'c₂ of the curvature condition'),
};

const mostTrials = 50;
const extrapolateAtLeast = 1.1;
const extrapolateAtMost = 4;
/** A bracket that did not shrink to this fraction in two trials is bisected. */
const shrinkInTwo = 0.66;
const narrowest = 1e-15;

/**
 * Finds a step with f(x + αp) ≤ f(x) + c₁αgᵀp and |φ′(α)| ≤ c₂|φ′(0)|.
 *
 * Safeguarded cubic and quadratic interpolation. Where f is flat to rounding, the first condition may be
 * replaced by φ(α) ≤ φ(0) + 4ε|φ(0)| and φ′(α) ≤ (2c₁ − 1)φ′(0), the approximate Wolfe condition (Hager and
 * Zhang 2005, equation 4.1): slopes keep digits that values have lost. A trial that is not finite is never
 * passed again.
 * Source: Moré and Thuente 1994.
 *
 * @throws RangeError unless 0 < c1 < c2 < 1
 * @example bfgs({ search: strongWolfe({ c2: 0.9 }) })
 */
export function strongWolfe(options: StrongWolfeOptions = {}): LineSearch {
  const { c1, c2 } = chosen('strongWolfe', strongWolfeOptions, options);
  return {
    name: 'strongWolfe',
    options: { c1, c2 },
    search: (line, first, longest) => search(line, Math.min(first, longest), longest, c1, c2),
  };
}

function search(line: Line, first: number, farthest: number, c1: number, c2: number): SearchEnd {
  const { value0, slope0 } = line;
  if (!(slope0 < 0)) return 'noDecrease';
  const noise = 4 * Number.EPSILON * Math.abs(value0);
  const bracket = new Bracket({ alpha: 0, value: value0, slope: slope0 }, (1 + extrapolateAtMost) * first);
  // While set, steps are chosen for φ(α) − φ(0) − c₁αφ′(0), whose minima satisfy the first condition.
  let auxiliary = true;
  let longest = farthest;
  let widthOneAgo = longest;
  let widthTwoAgo = 2 * longest;
  let alpha = first;
  for (let trial = 0; trial < mostTrials; trial++) {
    if (!line.tryStep(alpha)) {
      const shorter = bracket.best.alpha + 0.1 * (alpha - bracket.best.alpha);
      if (shorter === alpha || shorter === bracket.best.alpha) break;
      longest = alpha;
      alpha = shorter;
      continue;
    }
    const { value, slope } = line;
    const decreases = value <= value0 + c1 * alpha * slope0;
    const flat = value <= value0 + noise && slope <= (2 * c1 - 1) * slope0;
    if ((decreases || flat) && Math.abs(slope) <= -c2 * slope0) return 'found';
    if (alpha >= farthest && decreases && slope <= c1 * slope0) return 'unbounded';
    if (auxiliary && decreases && slope >= Math.min(c1, c2) * slope0) auxiliary = false;

    const tilt = auxiliary && value <= bracket.best.value && !decreases ? c1 * slope0 : 0;
    const tried = alpha;
    alpha = bracket.next({ alpha, value, slope }, tilt);
    const { best, other } = bracket;
    if (bracket.closed) {
      const width = Math.abs(other.alpha - best.alpha);
      if (width >= shrinkInTwo * widthTwoAgo) alpha = best.alpha + (other.alpha - best.alpha) / 2;
      widthTwoAgo = widthOneAgo;
      widthOneAgo = width;
      bracket.low = Math.min(best.alpha, other.alpha);
      bracket.high = Math.max(best.alpha, other.alpha);
      // What slopes as steep as the ends' could still gain inside: nothing that the values would show.
      if (width * Math.max(Math.abs(best.slope), Math.abs(other.slope)) <= noise) break;
      if (!(alpha > bracket.low && alpha < bracket.high) || width <= narrowest * bracket.high) break;
    } else {
      bracket.low = alpha + extrapolateAtLeast * (alpha - best.alpha);
      bracket.high = alpha + extrapolateAtMost * (alpha - best.alpha);
    }
    // After a trial outside f's domain, approach its edge by halves.
    if (alpha >= longest) alpha = longest < farthest ? (tried + longest) / 2 : farthest;
    if (alpha === tried) break;
  }
  return atBest(line, bracket, noise);
}

/** No step keeps the promise: stand at the best one and say why. */
function atBest(line: Line, { best, closed }: Bracket, noise: number): SearchEnd {
  if (best.alpha === 0) {
    if (!closed && !Number.isFinite(line.value)) return 'nonFinite';
    return Math.abs(line.value - line.value0) <= noise ? 'precision' : 'noDecrease';
  }
  if (line.alpha !== best.alpha) line.tryStep(best.alpha);
  return line.value0 - best.value <= noise ? 'precision' : 'noDecrease';
}
