import fc from 'fast-check';
import type { LineSearchSubject, Phi } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { bitwise, bounded, type Deviation } from '../tolerance.js';

/** What a first trial shows, beside the thresholds: so far from each of them that rounding decides nothing. */
const shown = fc.record({
  t: fc.integer({ min: -6, max: 6 }).map((k) => 2 ** k),
  steepness: fc.integer({ min: -4, max: 4 }).map((k) => 2 ** k),
  level: fc.constantFrom(0, 1, -1, 2 ** 10, -(2 ** 10)),
  /** The value there: so many times what the decrease asks for, or what the slack allows. */
  fall: fc.constantFrom(1.125, 0.875, 2, 0.5, 0, -1),
  rise: fc.constantFrom(undefined, undefined, 0.5, 2),
  /** The slope there: so many times c₂|φ′(0)|, or (1 − 2c₁)|φ′(0)|. */
  of: fc.constantFrom<'curvature' | 'approximate'>('curvature', 'approximate'),
  slope: fc.constantFrom(-1.125, -0.875, 0.875, 1.125, 0),
});

/** The cubic that has these values and slopes at 0 and t. */
function hermite(t: number, at0: [number, number], atT: [number, number]): Phi {
  const [[v0, s0], [v1, s1]] = [at0, atT];
  const rise = v1 - v0;
  const c = (3 * rise) / t ** 2 - (2 * s0 + s1) / t;
  const d = (-2 * rise) / t ** 3 + (s0 + s1) / t ** 2;
  return {
    value: (a) => (a === 0 ? v0 : a === t ? v1 : v0 + a * (s0 + a * (c + a * d))),
    slope: (a) => (a === 0 ? s0 : a === t ? s1 : s0 + a * (2 * c + 3 * a * d)),
  };
}

/** Whether value and slope keep the promise; nothing where rounding would decide. */
function keeps(
  { promise }: LineSearchSubject,
  { value0, slope0, t, value, slope }: Record<'value0' | 'slope0' | 't' | 'value' | 'slope', number>,
): boolean | undefined {
  const { decrease, curvature, strong, slack } = promise;
  let close = false;
  const below = (one: number, other: number) => {
    close ||= Math.abs(one - other) <= 1e-9 * (Math.abs(one) + Math.abs(other));
    return one < other;
  };
  const low = below(value - value0, decrease * t * slope0);
  const flat =
    slack > 0 && below(value - value0, slack * Math.abs(value0)) && below(slope, (2 * decrease - 1) * slope0);
  const level =
    curvature === undefined ||
    (strong ? below(Math.abs(slope), -curvature * slope0) : below(curvature * slope0, slope));
  return close ? undefined : (low || flat) && level;
}

const ends = {
  ascends: { phi: { value: (a: number) => a, slope: () => 1 }, end: 'noDecrease' },
  nowhereFinite: {
    phi: {
      value: (a: number) => (a === 0 ? 1 : Number.NaN),
      slope: (a: number) => (a === 0 ? -1 : Number.NaN),
    },
    end: 'nonFinite',
  },
  falls: { phi: { value: (a: number) => -a, slope: () => -1 }, end: 'unbounded' },
} as const;

export const namedSearchEnds = law({
  id: '36g',
  name: 'why a search failed',
  statement:
    'Where φ′(0) > 0 a search says that nothing decreases, where φ is finite at 0 alone that nothing is finite, and, if it asks for a flatter slope, where φ falls as far as it may go that it is unbounded; it stands at the longest step then.',
  tolerance: 'B',
  source: 'what a run does next depends on why its search failed',
  kind: 'lineSearch',
  sample: () =>
    fc.tuple(
      fc.constantFrom(...(Object.keys(ends) as (keyof typeof ends)[])),
      fc.integer({ min: -6, max: 6 }).map((k) => 2 ** k),
    ),
  measure(subject, [kind, first]): Deviation[] {
    const { phi, end: expected } = ends[kind];
    fc.pre(kind !== 'falls' || subject.promise.curvature !== undefined);
    const longest = first * 2 ** 10;
    const { end, alpha } = subject.search(phi, first, longest);
    return [
      bitwise(`'${expected}', not '${end}'`, Number(end === expected), 1),
      ...(kind === 'falls' ? [bitwise('the step', alpha, longest)] : []),
    ];
  },
});

export const firstTrial = law({
  id: '36d',
  name: 'a first trial that does is taken',
  statement:
    'A search ends found at its first trial where the conditions that it promises hold there, φ(t) ≤ φ(0) + c₁tφ′(0) or what stands in for it where values are flat, and the curvature condition; and nowhere else at it.',
  tolerance: 'B',
  source: 'Nocedal and Wright 2006, section 3.1; Hager and Zhang 2005, equation 4.1',
  kind: 'lineSearch',
  sample: () => shown,
  measure(subject, { t, steepness, level, fall, rise, of, slope: times }): Deviation[] {
    const { decrease, curvature = 0.5, slack } = subject.promise;
    const slope0 = -steepness;
    const change = rise === undefined ? fall * decrease * t * slope0 : rise * slack * Math.abs(level);
    const slope = times * (of === 'curvature' ? curvature : 1 - 2 * decrease) * steepness;
    const phi = hermite(t, [level, slope0], [level + change, slope]);
    const expected = keeps(subject, { value0: level, slope0, t, value: level + change, slope });
    fc.pre(expected !== undefined);
    const { found, alpha } = subject.search(phi, t, t * 2 ** 20);
    if (expected) return [bitwise('found', Number(found), 1), bitwise('the step', alpha, t)];
    return [bounded('ends found at a trial that does not do', Number(found && alpha === t), 0)];
  },
});
