import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import { finite, type Seen, searchingAsTold, secantOf, type ToldSearch } from './told-search.js';

/** What of the search may be done otherwise. */
export interface HagerZhangParts {
  /** γ: an interval that shrinks less is halved. */
  shrink?: number;
  /** θ of step U3. */
  theta?: number;
}

type Interval = readonly [Seen, Seen];
type Asking<V> = Generator<number, V | 'found', Seen>;

const most = 50;

/** The search of Hager and Zhang 2005, section 4, step by step by their names. */
export const toldHagerZhang = ({ shrink = 0.66, theta = 0.5 }: HagerZhangParts = {}): ToldSearch =>
  function* (start, first, longest, { decrease: delta, curvature: sigma = 1, slack }) {
    if (!(start.slope < 0)) return 'noDecrease';
    const ceiling = start.value + slack * Math.abs(start.value);
    let asked = 0;

    /** T1, T2: what is seen at a step, nothing where that is not finite. */
    function* take(alpha: number): Asking<Seen | undefined> {
      asked++;
      const seen = yield alpha;
      if (!finite(seen)) return undefined;
      const wolfe =
        seen.value <= start.value + delta * alpha * start.slope && seen.slope >= sigma * start.slope;
      const approximate =
        (2 * delta - 1) * start.slope >= seen.slope &&
        seen.slope >= sigma * start.slope &&
        seen.value <= ceiling;
      return wolfe || approximate ? 'found' : seen;
    }

    /** U3, and B2. */
    function* halve(from: Seen, to: Seen): Asking<Interval> {
      let [low, high] = [from, to];
      while (asked < most) {
        const d = yield* take((1 - theta) * low.alpha + theta * high.alpha);
        if (d === 'found') return d;
        if (d === undefined) break;
        if (d.slope >= 0) return [low, d];
        if (d.value <= ceiling) low = d;
        else high = d;
      }
      return [low, high];
    }

    /** U0 to U2. */
    function* update([a, b]: Interval, c: Seen | undefined): Asking<Interval> {
      if (c === undefined || c.alpha <= a.alpha || c.alpha >= b.alpha) return [a, b];
      if (c.slope >= 0) return [a, c];
      return c.value <= ceiling ? [c, b] : yield* halve(a, c);
    }

    function* inside([a, b]: Interval, alpha: number): Asking<Seen | undefined> {
      return alpha > a.alpha && alpha < b.alpha ? yield* take(alpha) : undefined;
    }

    /** S1 to S4. */
    function* doubleSecant([a, b]: Interval): Asking<Interval> {
      const c = yield* inside([a, b], secantOf(a, b));
      if (c === 'found') return c;
      const next = yield* update([a, b], c);
      if (next === 'found' || c === undefined) return next;
      const [low, high] = next;
      const end = c.alpha === high.alpha ? [b, high] : c.alpha === low.alpha ? [a, low] : undefined;
      if (end === undefined) return next;
      const d = yield* inside(next, secantOf(end[0], end[1]));
      return d === 'found' ? d : yield* update(next, d);
    }

    /** B0 to B3; where φ is not finite a tenth of the way, and later halfway to what was not. */
    let low = start;
    let alpha = Math.min(first, longest);
    let edge = longest;
    let interval: Interval | undefined;
    let seen: Seen | undefined;
    while (interval === undefined && asked < most) {
      const took = yield* take(alpha);
      if (took === 'found') return took;
      seen = took;
      if (seen === undefined) {
        edge = alpha;
        alpha = low.alpha + (alpha - low.alpha) / 10;
        if (alpha === low.alpha) return 'nonFinite';
      } else if (seen.slope >= 0) interval = [low, seen];
      else if (seen.value > ceiling) {
        const halved = yield* halve(low, seen);
        if (halved === 'found') return halved;
        interval = halved;
      } else if (alpha >= longest) return 'unbounded';
      else {
        low = seen;
        const further = 5 * alpha;
        alpha = further < edge ? further : edge < longest ? (alpha + edge) / 2 : longest;
      }
    }
    if (interval === undefined)
      return seen === undefined ? 'nonFinite' : seen.value === start.value ? 'precision' : 'noDecrease';

    // L1 to L3.
    while (asked < most) {
      const width = interval[1].alpha - interval[0].alpha;
      let next: Interval | 'found' = yield* doubleSecant(interval);
      if (next === 'found') return next;
      if (next[1].alpha - next[0].alpha > shrink * width) {
        const middle: Seen | 'found' | undefined = yield* take((next[0].alpha + next[1].alpha) / 2);
        if (middle === 'found') return middle;
        next = yield* update(next, middle);
        if (next === 'found') return next;
      }
      interval = next;
      if (!(interval[1].alpha - interval[0].alpha < width)) break;
    }
    const [a] = interval;
    if (a.alpha > 0) yield a.alpha;
    return a.alpha === 0 || a.value < start.value ? 'noDecrease' : 'precision';
  };

export const hagerZhangOracle = searchingAsTold(
  toldHagerZhang(),
  { decrease: 0.1, curvature: 0.9, slack: 1e-6 },
  { name: 'Hager and Zhang (naive)', claims: secondOrderClaims.hagerZhang },
);
