import fc from 'fast-check';
import { courses } from '../arbitraries/courses.js';
import type { Part } from '../subjects/subject.js';
import { commutation } from './composition.js';
import { law } from './law.js';

/** A law's boundary: a right method that must be seen to break it, lest the law be true of everything. */
export interface Negative {
  readonly law: string;
  /** A method or transform of ours by name. */
  readonly method: string;
  readonly why: string;
}

/** Right methods that break laws they do not claim. */
export const negatives: readonly Negative[] = [
  { law: '6', method: 'adamw', why: 'decay depends on where the parameters are' },
  { law: '6', method: 'trustRatio', why: 'the length of the step follows the length of the weights' },
  { law: '8', method: 'adagrad', why: 'the update is not linear in the gradient' },
  { law: '49', method: 'momentum', why: 'the update is linear in the gradient' },
  { law: '54', method: 'adam', why: 'entries are scaled one by one, in the basis they are given in' },
  { law: '54b', method: 'adamAsItComes', why: 'each coordinate is divided by itself' },
  { law: '85c', method: 'adam', why: 'ε is a length that the gradient is measured by' },
  { law: '52', method: 'adamWithPenalty', why: 'a coupled decay is rescaled with the gradient' },
];

/** 62, NEG: a clip and a scale do not commute, since min(1, c/‖u‖) is not homogeneous in u. */
export const clipAndScale = law({
  id: '62',
  name: 'clip and scale commute',
  statement: 'A clip and a scale would give the same update in either order: seen to be false.',
  tolerance: 'R',
  source: 'min(1, c/‖u‖) is not homogeneous in u',
  kind: 'composition',
  sample: () => fc.tuple(fc.constantFrom(1, 0.25), fc.constantFrom(0.1, 3), courses()),
  measure(subject, [most, rate, course]) {
    const parts: readonly Part[] = [
      { name: 'clipByNorm', argument: most },
      { name: 'learningRate', argument: rate },
    ];
    return commutation(subject, parts, course);
  },
});
