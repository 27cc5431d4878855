import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import {
  cubicMinimum,
  finite,
  type Seen,
  searchingAsTold,
  secantOf,
  type ToldSearch,
} from './told-search.js';

/** What of the search may be done otherwise. */
export interface MoreThuenteParts {
  /** Whether, before a first decrease, values are judged less the line of the first condition. */
  tilts?: boolean;
  /** So far towards the other end a step inside may go. */
  furthest?: number;
  /** A bracket that two trials shrank less is halved. */
  shrink?: number;
}

const most = 50;

/** The search of Moré and Thuente 1994, with the rules of MINPACK-2 for where it may extrapolate to. */
export const toldMoreThuente = ({
  tilts = true,
  furthest = 0.66,
  shrink = 0.66,
}: MoreThuenteParts = {}): ToldSearch =>
  function* (start, asked, longest, { decrease: c1, curvature: c2 = 0, slack }) {
    if (!(start.slope < 0)) return 'noDecrease';
    const first = Math.min(asked, longest);
    const noise = slack * Math.abs(start.value);
    let [best, other] = [start, start];
    let closed = false;
    let [low, high] = [0, 5 * first];
    let edge = longest;
    const widths = [2 * longest, longest];
    let auxiliary = true;
    let alpha = first;
    let seen: Seen | undefined;

    for (let trial = 0; trial < most; trial++) {
      seen = yield alpha;
      if (!finite(seen)) {
        const shorter = best.alpha + (alpha - best.alpha) / 10;
        if (shorter === alpha || shorter === best.alpha) break;
        [edge, alpha] = [alpha, shorter];
        continue;
      }
      const falls = seen.value <= start.value + c1 * alpha * start.slope;
      const flat = seen.value <= start.value + noise && seen.slope <= (2 * c1 - 1) * start.slope;
      if ((falls || flat) && Math.abs(seen.slope) <= -c2 * start.slope) return 'found';
      if (alpha >= longest && falls && seen.slope <= c1 * start.slope) return 'unbounded';
      if (falls && seen.slope >= Math.min(c1, c2) * start.slope) auxiliary = false;

      const tilt = tilts && auxiliary && !falls && seen.value <= best.value ? c1 * start.slope : 0;
      const less = (at: Seen): Seen => ({
        alpha: at.alpha,
        value: at.value - tilt * at.alpha,
        slope: at.slope - tilt,
      });
      const [x, y, t] = [best, other, seen].map(less);
      const onward = t.alpha > x.alpha;
      const cubic = cubicMinimum(x, t) ?? Number.NaN;
      const secant = secantOf(x, t);
      const [far, near] =
        Math.abs(cubic - t.alpha) > Math.abs(secant - t.alpha) ? [cubic, secant] : [secant, cubic];
      let step: number;
      const higher = t.value > x.value;
      const turned = t.slope !== 0 && t.slope < 0 !== x.slope < 0;
      if (higher) {
        const parabola =
          x.alpha -
          (x.slope * (t.alpha - x.alpha) ** 2) / 2 / (t.value - x.value - x.slope * (t.alpha - x.alpha));
        step = Math.abs(cubic - x.alpha) < Math.abs(parabola - x.alpha) ? cubic : (cubic + parabola) / 2;
      } else if (turned) step = far;
      else if (Math.abs(t.slope) < Math.abs(x.slope)) {
        const bound = onward ? high : low;
        // A cubic without a minimum beyond the trial falls on to the bound.
        const beyond = (cubic - t.alpha) * (onward ? 1 : -1) > 0;
        if (closed) {
          const inner = beyond
            ? near
            : Math.abs(bound - t.alpha) < Math.abs(secant - t.alpha)
              ? bound
              : secant;
          const last = t.alpha + furthest * (y.alpha - t.alpha);
          step = onward ? Math.min(last, inner) : Math.max(last, inner);
        } else {
          const outer = beyond
            ? far
            : Math.abs(bound - t.alpha) < Math.abs(secant - t.alpha)
              ? secant
              : bound;
          step = Math.min(high, Math.max(low, outer));
        }
      } else if (closed) step = cubicMinimum(y, t) ?? Number.NaN;
      else step = onward ? high : low;

      if (higher) other = seen;
      else [best, other] = [seen, turned ? best : other];
      closed ||= higher || turned;
      if (closed) {
        const width = Math.abs(best.alpha - other.alpha);
        if (width >= shrink * widths[0]) step = (best.alpha + other.alpha) / 2;
        widths.push(width);
        widths.shift();
        [low, high] = [best.alpha, other.alpha].sort((a, b) => a - b);
        if (width * Math.max(Math.abs(best.slope), Math.abs(other.slope)) <= noise) break;
        if (!(step > low && step < high) || width <= 1e-15 * high) break;
      } else [low, high] = [1.1, 4].map((by) => step + by * (step - best.alpha));
      const before = alpha;
      alpha = step < edge ? step : edge < longest ? (alpha + edge) / 2 : longest;
      if (alpha === before) break;
    }
    if (best.alpha > 0 && seen?.alpha !== best.alpha) yield best.alpha;
    if (best.alpha === 0 && !closed && !(seen !== undefined && finite(seen))) return 'nonFinite';
    const stands = best.alpha === 0 ? seen : best;
    const gained = stands === undefined ? 0 : start.value - stands.value;
    return (best.alpha === 0 ? Math.abs(gained) : gained) <= noise ? 'precision' : 'noDecrease';
  };

export const moreThuenteOracle = searchingAsTold(
  toldMoreThuente(),
  { decrease: 1e-4, curvature: 0.9, strong: true, slack: 2 ** -50 },
  { name: 'Moré and Thuente (naive)', claims: secondOrderClaims.strongWolfe },
);
