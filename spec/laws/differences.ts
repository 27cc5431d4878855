import fc from 'fast-check';
import { bentQuadratics } from '../arbitraries/minimizations.js';
import { type SmoothFunctions, smoothFunctions } from '../arbitraries/smooth-functions.js';
import type { DerivativesSubject } from '../subjects/derivatives.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { bounded } from './tolerance.js';

const source = 'Gill, Murray, Saunders and Wright 1983: a step is chosen by what the function shows';
/** What a derivative by central differences reaches wherever x has 4 digits for the length of f. */
const reached = 1e-6;
/** So many places of x lie above the length of f at most, which leaves 13 to resolve it: 4 digits. */
const mostAway = 38;
/** An estimate may be too small by this factor. */
const estimated = 10;

const bits = new DataView(new ArrayBuffer(8));

/** A number in [−1, 1) that every bit of x decides. */
function scrambled(x: number): number {
  bits.setFloat64(0, x);
  let mixed = bits.getUint32(0) ^ Math.imul(bits.getUint32(4), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
}

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

/** The best that values with this noise leave, of functions that change by a 1000th of themselves in a length. */
const best = (noise: number) => (1000 * Math.max(noise, 2 ** -53)) ** (2 / 3);
/** Steps that are off by some factors cost so many times that. */
const offBy = 30;

export const sharpDifferences = law({
  id: '75d',
  name: 'how near differences come',
  statement:
    'Where 22 places of x resolve the length of f, and x is at least a fourth of it, each derivative has an error below 30·(1000δ)^⅔ of |f′|, or of √|f·f″| where that is more, δ = 2⁻⁵³; of five functions whose values have a relative noise of δ no two do not.',
  tolerance: 'I',
  source: 'Gill, Murray, Saunders and Wright 1983, section 2: the best step leaves an error of ∛(f‴f²δ²)',
  kind: 'derivatives',
  sample: () =>
    fc.oneof(
      fc.tuple(fc.array(smoothFunctions(30, -2), { minLength: 1, maxLength: 5 }), fc.constant(0)),
      fc.tuple(
        fc.array(smoothFunctions(30, -2), { minLength: 5, maxLength: 5 }),
        fc.constantFrom(1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7),
      ),
    ),
  measure(subject, [samples, noise]) {
    const noisy = ({ values, ...sample }: SmoothFunctions): SmoothFunctions => ({
      ...sample,
      values: (x) => values(x).map((value, i) => value * (1 + noise * scrambled(x[i]))),
    });
    const most = samples
      .map((sample) => Math.max(...errors(subject, noise === 0 ? sample : noisy(sample)).found))
      .sort((a, b) => b - a);
    return (noise === 0 ? most : most.slice(1)).map((error) =>
      bounded('a derivative', error, offBy * best(noise)),
    );
  },
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

/** How near a bound may stand: nearer ones leave differences no digits. */
const room = fc.constantFrom(Number.POSITIVE_INFINITY, 4, 0.25, 2 ** -8, 0);

export const differencesWithin = law({
  id: '75c',
  name: 'differences beside bounds',
  statement:
    'Inside a box too, one bound or both near or at x, each derivative of f and of ∇f by differences has an error below 10⁻⁷ of the function’s own size; that of a variable with no room counts as 0. Hessians are symmetric.',
  tolerance: 'I',
  source: 'Fornberg 1988: the three-point formula of one side is exact to O(h²) too',
  kind: 'derivatives',
  sample: () =>
    bentQuadratics().chain((sample) =>
      fc.tuple(
        fc.constant(sample),
        fc.array(room, { minLength: 3, maxLength: 3 }),
        fc.array(room, { minLength: 3, maxLength: 3 }),
      ),
    ),
  measure(subject, [{ problem, start, n }, below, above]) {
    const x = Float64Array.from(start);
    const lower = x.map((xi, i) => xi - below[i]);
    const upper = x.map((xi, i) => xi + above[i]);
    const f = { value: problem.value, gradient: problem.gradient! };
    const { gradient, hessian } = subject.within!(f, x, { lower, upper });
    const [g, h] = [f.gradient(x), problem.hessian!(x)];
    const size = 1 + Math.abs(f.value(x)) + norm(g) + norm(h);
    const fixed = (i: number) => below[i] + above[i] === 0;
    const near = (what: string, got: number, expected: number) =>
      bounded(what, Math.abs(got - expected), 1e-7 * size);
    return [
      ...Array.from(gradient, (got, i) => near(`∂f/∂x_${i}`, got, fixed(i) ? 0 : g[i])),
      ...Array.from(hessian, (got, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        // Beside a fixed variable half of an entry is known, from the other's derivative.
        const known = Number(!fixed(i)) + Number(!fixed(j));
        return near(`∂²f/∂x_${i}∂x_${j}`, got, i === j && fixed(i) ? 0 : (h[at] * known) / 2);
      }),
      ...Array.from(hessian, (got, at) =>
        bounded(
          `H_${at} beside its mirror image`,
          Math.abs(got - hessian[(at % n) * n + Math.floor(at / n)]),
          0,
        ),
      ),
    ];
  },
});

export const differenceLaws = [differences, sharpDifferences, toldErrors, differencesWithin];
