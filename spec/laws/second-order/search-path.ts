import fc from 'fast-check';
import { lines, phiOf } from '../../arbitraries/lines.js';
import { toldHagerZhang } from '../../oracles/second-order/hager-zhang.js';
import { toldMoreThuente } from '../../oracles/second-order/more-thuente.js';
import type { Seen, ToldSearch } from '../../oracles/second-order/told-search.js';
import type { LineSearchSubject, Phi } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { bitwise, bounded, type Deviation, valued } from '../tolerance.js';
import { cubic, cubicNumbers } from './cubics.js';

/** What rounding may make of what is seen: so many ε of the terms that it is made of. */
const units = 16;
/** So many times what such changes do to a step it may be off; where they do much more, nothing is compared. */
const factor = 30;
const clear = 1e-6;

const power = (min: number, max: number) => fc.integer({ min, max }).map((k) => 2 ** k);

/** −α + cα²/2 with waves on it: falling trials that lie high, and brackets that shrink little. */
const ripples = fc
  .record({
    c: power(-6, 1),
    height: fc.constantFrom(0.25, 0.5, 1, 2),
    often: fc.constantFrom(1, 2, 3, 5),
    level: fc.constantFrom(0, 1, -4),
    first: power(-4, 5),
    reach: fc.constantFrom(2 ** 10, 4),
  })
  .map(({ c, height, often, level, first, reach }) => ({
    first,
    longest: reach * first,
    value: (at: number) => level - at + (c * at * at) / 2 + height * (1 - Math.cos(often * at)),
    slope: (at: number) => -1 + c * at + height * often * Math.sin(often * at),
    toString: () =>
      `${level} − α + ${c}α²/2 + ${height}(1 − cos ${often}α) from ${first} to ${reach * first}`,
  }));

const shapes = fc.oneof(
  lines().map((sample) => ({ ...sample, ...phiOf(sample), toString: () => JSON.stringify(sample) })),
  fc
    .tuple(cubicNumbers, fc.constantFrom(0, 1, -4), fc.constantFrom(2 ** 10, 4))
    .map(([numbers, level, reach]) => {
      const { value, slope } = cubic(numbers);
      const { s, a, b, t: first } = numbers;
      return {
        first,
        longest: reach * first,
        value: (at: number) => level + value(at),
        slope,
        toString: () => `${level} + ${s}(−α + ${a}α²/2 + ${b}α³/3) from ${first} to ${reach * first}`,
      };
    }),
  ripples,
  ripples,
);

export const moreThuentePath = law({
  id: '36h',
  name: 'where a search of Moré and Thuente goes',
  statement:
    'Every trial is the next by their rules from what was seen at those before: in an open bracket no further than 4 of the last stride and at least 1.1, in a closed one no further than 0.66 towards the other end and halfway where two trials did not shrink it to 0.66, by values less c₁αφ′(0) until a first decrease; and it ends where and as they do.',
  tolerance: 'K',
  source: 'Moré and Thuente 1994, sections 3 and 4; 30 times what changes by 16ε do to a step',
  kind: 'lineSearch',
  sample: () => shapes,
  measure: (subject, phi) => along(subject, phi, toldMoreThuente()),
});

export const hagerZhangPath = law({
  id: '36i',
  name: 'where a search of Hager and Zhang goes',
  statement:
    'Every trial is the next by their steps B0 to B3, S1 to S4, U0 to U3 and L1 to L3 from what was seen at those before, with ρ = 5, θ = ½ and γ = 0.66; and it ends where and as they do.',
  tolerance: 'K',
  source: 'Hager and Zhang 2005, section 4; 30 times what changes by 16ε do to a step',
  kind: 'lineSearch',
  sample: () => shapes,
  measure: (subject, phi) => along(subject, phi, toldHagerZhang()),
});

/** Each step that is tried beside what the rules say, that are shown what was seen before. */
function along(
  subject: LineSearchSubject,
  { value, slope, first, longest }: Phi & { readonly first: number; readonly longest: number },
  told: ToldSearch,
): Deviation[] {
  const tried: number[] = [];
  const noted = (alpha: number) => {
    if (alpha > 0) tried.push(alpha);
    return value(alpha);
  };
  const { end } = subject.search({ value: noted, slope }, first, longest);
  const seen = (alpha: number): Seen => {
    const there = value(alpha);
    return { alpha, value: there, slope: Number.isFinite(there) ? slope(alpha) : Number.NaN };
  };
  const start = seen(0);
  const off = units * subject.epsilon;
  const changed = (at: Seen, of: number): Seen => {
    const [up, steeper] = [of & 1 ? off : -off, of & 2 ? off : -off];
    const terms = Math.abs(at.value) + Math.abs(start.value) + at.alpha * Math.abs(start.slope);
    return {
      alpha: at.alpha,
      value: at.value + up * terms,
      slope: at.slope + steeper * (Math.abs(at.slope) + Math.abs(start.slope)),
    };
  };
  const rules = [0, 1, 2, 3].map(() => told(start, first, longest, subject.promise));
  let next = rules.map((rule) => rule.next());
  const found: Deviation[] = [];
  for (const [k, alpha] of [...tried, Number.NaN].entries()) {
    const [expected, ...others] = next;
    if (others.some(({ done }) => done !== expected.done)) return found;
    if (expected.done === true) {
      if (others.some((other) => other.value !== expected.value)) return found;
      found.push(bitwise('trials', tried.length, k));
      found.push(bitwise(`'${expected.value}', not '${end}'`, Number(end === expected.value), 1));
      return found;
    }
    const step = expected.value;
    const spread = Math.max(...others.map((other) => Math.abs((other.value as number) - step)));
    if (!(spread <= clear * step)) return found;
    const error = Math.abs((Number.isNaN(alpha) ? 0 : alpha) - step);
    const allowed = factor * (spread + off * step);
    found.push(valued(bounded(`trial ${k + 1}`, error, allowed), step, alpha));
    if (!(error <= allowed)) return found;
    const there = seen(alpha);
    next = rules.map((rule, i) => rule.next(i === 0 ? there : changed(there, i + k)));
  }
  return found;
}
