import { chosen, number, type OptionsOf } from '../algebra/option.js';
import type { End } from './bracket.js';
import type { Line } from './line.js';
import type { LineSearch, SearchEnd } from './line-search.js';

export interface HagerZhangOptions {
  /** δ of the sufficient decrease. */
  delta?: number;
  /** σ of the curvature condition. */
  sigma?: number;
  /** The values may rise by this fraction of |f(x)|: rounding error is not taken for ascent. */
  slack?: number;
}

export const hagerZhangOptions: OptionsOf<HagerZhangOptions> = {
  delta: number(0.1, '(0, 0.5)', 'δ of the sufficient decrease'),
  sigma: number(0.9, '[delta, 1)', 'σ of the curvature condition'),
  slack: number(1e-6, '[0, ∞)', 'the fraction of |f(x)| by which the values may rise'),
};

const mostTrials = 50;
const expandBy = 5;
/** A secant² step that shrinks the interval less than this is followed by a bisection. */
const shrink = 0.66;

/**
 * Finds a step that satisfies the Wolfe conditions f(x + αp) ≤ f(x) + δαgᵀp and φ′(α) ≥ σφ′(0), or their
 * approximate form (2δ − 1)φ′(0) ≥ φ′(α) ≥ σφ′(0) with φ(α) ≤ φ(0) + slack·|φ(0)|.
 *
 * An interval with φ′(a) < 0 ≤ φ′(b) shrinks by double secant steps and bisection. The approximate form works
 * on slopes, and so reaches gradients of size ε where values stop at √ε.
 * Source: Hager and Zhang 2005, section 4; 2006, CG_DESCENT.
 *
 * @throws RangeError unless 0 < delta < ½, delta ≤ sigma < 1, slack ≥ 0
 * @example nonlinearConjugateGradient({ search: hagerZhang() })
 */
export function hagerZhang(options: HagerZhangOptions = {}): LineSearch {
  const { delta, sigma, slack } = chosen('hagerZhang', hagerZhangOptions, options);
  return {
    name: 'hagerZhang',
    options: { delta, sigma, slack },
    search: (line, first, longest) => new IntervalSearch(line, delta, sigma, slack).from(first, longest),
  };
}

class IntervalSearch {
  private trials = 0;
  private readonly ceiling: number;

  constructor(
    private readonly line: Line,
    private readonly delta: number,
    private readonly sigma: number,
    slack: number,
  ) {
    this.ceiling = line.value0 + slack * Math.abs(line.value0);
  }

  from(first: number, longest: number): SearchEnd {
    if (!(this.line.slope0 < 0)) return 'noDecrease';
    const interval = this.enclose(Math.min(first, longest), longest);
    if (typeof interval === 'string') return interval;
    let [a, b] = interval;
    while (this.trials < mostTrials) {
      const width = b.alpha - a.alpha;
      const step = this.doubleSecant(a, b);
      if (step === 'found') return 'found';
      [a, b] = step;
      if (b.alpha - a.alpha > shrink * width) {
        const middle = this.take((a.alpha + b.alpha) / 2);
        if (middle === 'found') return 'found';
        const next = middle === undefined ? undefined : this.update(a, b, middle);
        if (next === 'found') return 'found';
        if (next !== undefined) [a, b] = next;
      }
      if (!(b.alpha - a.alpha < width)) break;
    }
    return this.atLowerEnd(a);
  }

  /** Stands at the lower end of the last interval, which is the best point known. */
  private atLowerEnd(a: End): SearchEnd {
    const { line } = this;
    if (a.alpha === 0)
      return Math.abs(line.value - line.value0) <= 4e-16 * Math.abs(line.value0) ? 'precision' : 'noDecrease';
    if (line.alpha !== a.alpha) line.tryStep(a.alpha);
    return a.value < line.value0 ? 'noDecrease' : 'precision';
  }

  /** The first interval with opposite slopes: grows while f falls, shrinks while it is not finite. */
  private enclose(first: number, longest: number): [End, End] | SearchEnd {
    const { line } = this;
    let low: End = { alpha: 0, value: line.value0, slope: line.slope0 };
    let alpha = first;
    let edge = longest;
    for (; this.trials < mostTrials; ) {
      const tried = this.take(alpha);
      if (tried === 'found') return 'found';
      if (tried === undefined) {
        edge = alpha;
        alpha = low.alpha + 0.1 * (alpha - low.alpha);
        if (alpha === low.alpha) return 'nonFinite';
        continue;
      }
      if (tried.slope >= 0) return [low, tried];
      if (tried.value > this.ceiling) return this.bisect(low, tried);
      if (alpha >= longest) return 'unbounded';
      low = tried;
      alpha = expandBy * alpha < edge ? expandBy * alpha : edge < longest ? (alpha + edge) / 2 : longest;
    }
    return line.value === line.value0
      ? 'precision'
      : Number.isFinite(line.value)
        ? 'noDecrease'
        : 'nonFinite';
  }

  /** Evaluates a step; 'found' where it keeps the promise, nothing where it is not finite. */
  private take(alpha: number): End | 'found' | undefined {
    const { line, delta, sigma } = this;
    this.trials++;
    if (!line.tryStep(alpha)) return undefined;
    const { value, slope, value0, slope0 } = line;
    if (slope >= sigma * slope0) {
      if (value - value0 <= delta * alpha * slope0) return 'found';
      if ((2 * delta - 1) * slope0 >= slope && value <= this.ceiling) return 'found';
    }
    return { alpha, value, slope };
  }

  /** Narrows [a, b] by a point inside it, keeping φ′(a) < 0 ≤ φ′(b) and φ(a) under the ceiling. */
  private update(a: End, b: End, c: End): [End, End] | 'found' {
    if (!(c.alpha > a.alpha && c.alpha < b.alpha)) return [a, b];
    if (c.slope >= 0) return [a, c];
    if (c.value <= this.ceiling) return [c, b];
    const inner = this.bisect(a, c);
    return typeof inner === 'string' ? 'found' : inner;
  }

  /** From φ′(a) < 0 and a falling but higher c: halves until the slopes differ in sign. */
  private bisect(a: End, c: End): [End, End] | 'found' {
    let low = a;
    let high = c;
    while (this.trials < mostTrials) {
      const middle = this.take((low.alpha + high.alpha) / 2);
      if (middle === 'found') return 'found';
      if (middle === undefined) break;
      if (middle.slope >= 0) return [low, middle];
      if (middle.value <= this.ceiling) low = middle;
      else high = middle;
    }
    return [low, high];
  }

  private doubleSecant(a: End, b: End): [End, End] | 'found' {
    const c = this.inside(a, b, secant(a, b));
    if (c === 'found') return 'found';
    if (c === undefined) return [a, b];
    const next = this.update(a, b, c);
    if (next === 'found') return 'found';
    const [low, high] = next;
    let second: number | undefined;
    if (high === c) second = secant(b, high);
    else if (low === c) second = secant(a, low);
    if (second === undefined) return next;
    const d = this.inside(low, high, second);
    if (d === 'found') return 'found';
    return d === undefined ? next : this.update(low, high, d);
  }

  private inside(a: End, b: End, alpha: number): End | 'found' | undefined {
    return alpha > a.alpha && alpha < b.alpha ? this.take(alpha) : undefined;
  }
}

/** Where the straight line through the slopes at a and b vanishes. */
function secant(a: End, b: End): number {
  return (a.alpha * b.slope - b.alpha * a.slope) / (b.slope - a.slope);
}
