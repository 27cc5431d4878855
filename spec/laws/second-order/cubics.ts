import fc from 'fast-check';
import type { LineSearchSubject, Phi } from '../../subjects/second-order/subject.js';

/** The numbers of φ(α) = s(−α + aα²/2 + bα³/3), and the first trial t. */
export const cubicNumbers = fc.record({
  s: fc.integer({ min: -4, max: 4 }).map((k) => 2 ** k),
  a: fc.integer({ min: -8, max: 32 }).map((k) => k / 8),
  b: fc.integer({ min: -4, max: 16 }).map((k) => k / 8),
  t: fc
    .tuple(fc.integer({ min: -6, max: 4 }), fc.constantFrom(1, 1.25, 1.5))
    .map(([k, part]) => part * 2 ** k),
});

/** φ and φ′ of such numbers. */
export const cubic = ({ s, a, b }: { readonly s: number; readonly a: number; readonly b: number }): Phi => ({
  value: (at) => s * (-at + (a * at * at) / 2 + (b * at ** 3) / 3),
  slope: (at) => s * (-1 + a * at + b * at * at),
});

/** The steps that a search tries from t on, in order, each once. */
export function tried({ search }: LineSearchSubject, { value, slope }: Phi, t: number): number[] {
  const trials: number[] = [];
  const noted = (at: number) => {
    if (at !== 0 && !trials.includes(at)) trials.push(at);
    return value(at);
  };
  search({ value: noted, slope }, t, t * 2 ** 20);
  return trials;
}
