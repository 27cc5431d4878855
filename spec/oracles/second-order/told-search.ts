import type { SearchEnd } from '../../../src/index.js';
import type { LineSearchSubject, Promised } from '../../subjects/second-order/subject.js';

/** φ and φ′ at a step. */
export interface Seen {
  readonly alpha: number;
  readonly value: number;
  readonly slope: number;
}

/** A search that is told what it asks for: it yields the steps it tries, is given what is seen there, and ends. */
export type ToldSearch = (
  start: Seen,
  first: number,
  longest: number,
  promise: Promised,
) => Generator<number, SearchEnd, Seen>;

/** Such a search as a subject of the laws. */
export function searchingAsTold(
  told: ToldSearch,
  promise: Promised,
  { name, claims }: { name: string; claims: readonly string[] },
): LineSearchSubject {
  return {
    kind: 'lineSearch',
    name,
    epsilon: 2 ** -52,
    claims,
    promise,
    search(phi, first, longest) {
      const seen = (alpha: number): Seen => {
        const value = phi.value(alpha);
        return { alpha, value, slope: Number.isFinite(value) ? phi.slope(alpha) : Number.NaN };
      };
      const steps = told(seen(0), first, longest, promise);
      let alpha = 0;
      let next = steps.next();
      while (next.done !== true) {
        alpha = next.value;
        next = steps.next(seen(alpha));
      }
      return { found: next.value === 'found', alpha, end: next.value };
    },
    scope: (body) => body(),
  };
}

export const finite = ({ value, slope }: Seen) => Number.isFinite(value) && Number.isFinite(slope);

/** Where the straight line through two slopes vanishes. */
export const secantOf = (a: Seen, b: Seen) => (a.alpha * b.slope - b.alpha * a.slope) / (b.slope - a.slope);

/** Where the cubic with these values and slopes is least, if anywhere. */
export function cubicMinimum(a: Seen, b: Seen): number | undefined {
  const h = b.alpha - a.alpha;
  const rise = b.value - a.value;
  // Its slope in u = (α − a)/h, times h: pu² + qu + r.
  const p = 3 * h * (a.slope + b.slope) - 6 * rise;
  const q = 6 * rise - 2 * h * (2 * a.slope + b.slope);
  const r = h * a.slope;
  const inner = q * q - 4 * p * r;
  if (inner < 0) return undefined;
  const root = Math.sqrt(inner);
  // Of the two zeros that at which the slope rises, by the form that cancels nothing.
  return a.alpha + h * (q >= 0 ? (-2 * r) / (q + root) : (root - q) / (2 * p));
}
