import fc from 'fast-check';
import { type SmoothFunctions, smoothFunctions } from '../arbitraries/smooth-functions.js';
import type { DerivativesSubject } from '../subjects/derivatives.js';
import { law } from './law.js';
import { bounded } from './tolerance.js';

const source = 'Gill, Murray, Saunders and Wright 1983: a step is chosen by what the function shows';
/** What a derivative by central differences reaches wherever x has 4 digits for the length of f. */
const reached = 1e-6;
/** So many places of x lie above the length of f at most, which leaves 13 to resolve it: 4 digits. */
const mostAway = 38;
/** An estimate may be too small by this factor. */
const estimated = 10;

/** The error of each derivative, as a fraction of what it is about. */
function errors(
  subject: DerivativesSubject,
  { x, slopes, scales, values }: SmoothFunctions,
  round: (value: number) => number = (value) => value,
) {
  const { jacobian, error } = subject.jacobian((at) => values(at).map(round), x);
  const n = x.length;
  return { error, found: slopes.map((slope, i) => Math.abs(jacobian[i * n + i] - slope) / scales[i]) };
}

export const differences = law({
  id: '75',
  name: 'derivatives by differences',
  statement:
    'Of smooth functions each derivative has an error below 10⁻⁶ of |f′|, or of √|f·f″| where that is more, whatever the unit and offset of each variable, while 4 digits of x resolve the length of f.',
  tolerance: 'I',
  source,
  kind: 'derivatives',
  sample: () => smoothFunctions(mostAway),
  measure: (subject, sample) =>
    errors(subject, sample).found.map((error, i) => bounded(`∂F/∂x_${i}`, error, reached)),
});

export const toldErrors = law({
  id: '75b',
  name: 'errors of differences are told',
  statement:
    'Where x has fewer digits, or the values are rounded to float32, an error exceeds 10⁻⁶ by at most ten times what is told.',
  tolerance: 'I',
  source,
  kind: 'derivatives',
  sample: () => fc.tuple(smoothFunctions(46), fc.boolean()),
  measure(subject, [sample, single]) {
    const { found, error } = errors(subject, sample, single ? Math.fround : undefined);
    return found.map((each, i) => bounded(`∂F/∂x_${i}`, each, reached + estimated * error));
  },
});

export const differenceLaws = [differences, toldErrors];
