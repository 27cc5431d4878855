import { toldHagerZhang } from '../../oracles/second-order/hager-zhang.js';
import {
  type BisectionParts,
  bisectionSearch,
  promisedConstants,
} from '../../oracles/second-order/line-search.js';
import { toldMoreThuente } from '../../oracles/second-order/more-thuente.js';
import { searchingAsTold, type ToldSearch } from '../../oracles/second-order/told-search.js';
import type { Promised } from '../../subjects/second-order/subject.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

const { decrease, curvature } = promisedConstants;

function searching(id: string, mistake: string, parts: BisectionParts): Mutant {
  return mutantOf({ id, mistake, killedBy: '36b' }, (named) => bisectionSearch(parts, named));
}

function told(id: string, mistake: string, killedBy: '36h' | '36i', search: ToldSearch): Mutant {
  const promise: Promised =
    killedBy === '36h'
      ? { decrease: 0.4, curvature: 0.5, strong: true, slack: 2 ** -50 }
      : { decrease: 0.45, curvature: 0.45, slack: 1e-6 };
  return mutantOf({ id, mistake, killedBy }, (named) => searchingAsTold(search, promise, named));
}

export const lineSearchMutants: readonly Mutant[] = [
  mutantOf(
    {
      id: 'interval-halved',
      mistake: 'A search that says it interpolates halves and doubles, whatever values and slopes say.',
      killedBy: '36c',
    },
    (named) => bisectionSearch({}, named),
  ),
  searching('tolerances-swapped', 'c₁ and c₂ are exchanged.', {
    low: (value, value0, alpha, slope0) => value <= value0 + curvature * alpha * slope0,
    flat: (slope, slope0) => slope >= decrease * slope0,
  }),
  searching('decrease-sign', 'c₁αφ′(0) is subtracted, so that a rise is allowed.', {
    low: (value, value0, alpha, slope0) => value <= value0 - decrease * alpha * slope0,
  }),
  searching('first-trial-taken', 'The loop begins at its second iteration: the first trial is not judged.', {
    judgesFirst: false,
  }),
  searching('maximum-ignored', 'The longest step allowed is ignored.', { longest: () => 2 ** 60 }),
  searching('not-a-number-taken', 'value > bound is false for NaN, which so passes for low enough.', {
    low: (value, value0, alpha, slope0) => !(value > value0 + decrease * alpha * slope0),
    flat: (slope, slope0) => !(slope < curvature * slope0),
    counts: () => true,
  }),
  searching('value-at-first-trial', 'φ(0) is evaluated at the first trial.', {
    value0: (phi, first) => phi.value(first),
  }),
  searching('level-at-zero', 'Only φ(α) < φ(0) is asked for, and no slope.', {
    low: (value, value0) => value < value0,
    flat: () => true,
  }),
  mutantOf(
    {
      id: 'first-trial-halved',
      mistake: 'Half of the first step is tried first.',
      killedBy: '36d',
    },
    (named) => {
      const right = bisectionSearch({}, named);
      return { ...right, search: (phi, first, longest) => right.search(phi, first / 2, longest) };
    },
  ),
  mutantOf(
    {
      id: 'backtracks-by-halves',
      mistake: 'A trial that is too high is halved, whatever parabola it shows.',
      killedBy: '36e',
    },
    (named) => ({
      ...bisectionSearch({}, named),
      promise: { ...promisedConstants, slack: 0, shrinks: [0.1, 0.5] },
    }),
  ),
  mutantOf(
    {
      id: 'single-secant',
      mistake:
        'Secants always start from 0: the second of a pair does not take the end whose slope has its sign.',
      killedBy: '36f',
    },
    (named) => ({
      ...bisectionSearch({}, named),
      promise: { decrease: 0.1, curvature: 0.9, slack: 1e-6 },
      search({ value, slope }, first) {
        let alpha = first;
        for (let trial = 0; trial < 20; trial++) {
          value(alpha);
          const [here, start] = [slope(alpha), slope(0)];
          if (Math.abs(here) < 1e-9) break;
          alpha =
            here < 0 && trial === 0
              ? value(alpha) > 0
                ? alpha / 2
                : 5 * alpha
              : (-alpha * start) / (here - start);
        }
        return { found: true, alpha };
      },
    }),
  ),
  mutantOf(
    {
      id: 'every-failure-is-precision',
      mistake: 'A search that found nothing says that rounding decides, whatever was the reason.',
      killedBy: '36g',
    },
    (named) => {
      const right = bisectionSearch({}, named);
      return { ...right, search: (...asked) => ({ ...right.search(...asked), end: 'precision' }) };
    },
  ),
  told(
    'bracket-passed-through',
    'A step inside a bracket may go all the way to its other end.',
    '36h',
    toldMoreThuente({ furthest: 1 }),
  ),
  told(
    'values-not-tilted',
    'Before the first decrease values are judged as they are, not less the line c₁αφ′(0).',
    '36h',
    toldMoreThuente({ tilts: false }),
  ),
  told(
    'interval-never-halved',
    'However little double secants shrink the interval, it is never halved.',
    '36i',
    toldHagerZhang({ shrink: Number.POSITIVE_INFINITY }),
  ),
];
