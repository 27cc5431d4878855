import {
  type BisectionParts,
  bisectionSearch,
  promisedConstants,
} from '../../oracles/second-order/line-search.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

const { decrease, curvature } = promisedConstants;

function searching(id: string, mistake: string, parts: BisectionParts): Mutant {
  return mutantOf({ id, mistake, killedBy: '36b' }, (named) => bisectionSearch(parts, named));
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
];
