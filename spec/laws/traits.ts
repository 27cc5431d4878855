import fc from 'fast-check';
import { vectorCourses } from '../arbitraries/courses.js';
import { dyadicVector, nonzeroDyadic, scale } from '../arbitraries/dyadic.js';
import { optionsOf } from '../arbitraries/options.js';
import { gradientOf, quadraticAt, quadratics } from '../arbitraries/quadratics.js';
import { flat, largest, mapPoint, norm, vector } from '../subjects/point.js';
import type { OptimizerSubject, Point } from '../subjects/subject.js';
import { type Course, descent, momentAt, type Ride, ride } from '../subjects/trajectory.js';
import { type Law, law } from './law.js';
import { pointRounding, slack } from './points.js';
import { atMost, bitwise, bounded, type Deviation, threshold } from './tolerance.js';

/*
 * Traits: laws that nobody must obey. Each is decided by trying it: it was seen to hold so many times, or an example
 * shows that it does not.
 */

type Options = Readonly<Record<string, unknown>>;

const vectors = (subject: OptimizerSubject, steps = { min: 1, max: 4 }, least = 1) =>
  fc.record({
    options: optionsOf(subject),
    course: fc
      .integer({ min: least, max: 4 })
      .chain((n) => vectorCourses({ steps, zeros: false }).filter(({ start }) => start[0].data.length === n)),
  });

export const translationTrait = trait({
  id: 'translation',
  name: 'it does not matter where the origin is',
  statement: 'The same gradients from a start moved by t give the same updates.',
  sample: (subject) => fc.tuple(vectors(subject), dyadicVector(4)),
  measure(subject, [{ options, course }, shift]) {
    const start = mapPoint(course.start, (x, i) => x + shift[i]);
    return alike(subject, options, course, { ...course, start }, (u) => u);
  },
});

export const permutationTrait = trait({
  id: 'permutation',
  name: 'all coordinates are equal',
  statement: 'Coordinates in another order in x and gradients are in that order in the updates.',
  sample: (subject) => vectors(subject, undefined, 2),
  measure(subject, { options, course }) {
    const turn = (values: Float64Array) => values.map((_, i) => values[(i + 1) % values.length]);
    return alike(subject, options, course, transformed(course, turn, turn, rotatedIndex), turn);
  },
});

export const mirrorTrait = trait({
  id: 'mirror',
  name: 'left and right are equal',
  statement: '(x, g) → (−x, −g) negates every update.',
  sample: (subject) => vectors(subject),
  measure(subject, { options, course }) {
    const negate = (values: Float64Array) => values.map((value) => -value);
    return alike(subject, options, course, transformed(course, negate, negate), negate);
  },
});

export const oddTrait = trait({
  id: 'oddInGradient',
  name: 'odd in the gradient',
  statement: 'g → −g at the same x negates every update.',
  sample: (subject) => vectors(subject),
  measure(subject, { options, course }) {
    const negate = (values: Float64Array) => values.map((value) => -value);
    return alike(
      subject,
      options,
      course,
      transformed(course, (x) => x, negate),
      negate,
    );
  },
});

export const proportionalTrait = trait({
  id: 'proportional',
  name: 'proportional to the gradients',
  statement: 'The updates for gradients 2ᵏg are 2ᵏ times those for g.',
  sample: (subject) => fc.tuple(vectors(subject), scale(8)),
  measure(subject, [{ options, course }, factor]) {
    const times = (values: Float64Array) => values.map((value) => value * factor);
    return alike(
      subject,
      options,
      course,
      transformed(course, (x) => x, times),
      times,
    );
  },
});

export const scaleFreeTrait = trait({
  id: 'scaleFree',
  name: 'the size of the gradients does not matter',
  statement: 'Gradients 2ᵏg, k ≥ 0, give the updates of g, within 1 %, where |g| ≥ 2⁻¹⁰.',
  sample: (subject) => fc.tuple(vectors(subject), fc.integer({ min: 1, max: 12 })),
  measure(subject, [{ options, course }, k]) {
    const times = (values: Float64Array) => values.map((value) => value * 2 ** k);
    const other = transformed(course, (x) => x, times);
    return alike(subject, options, course, other, (u) => u, 0.01);
  },
});

export const elementwiseTrait = trait({
  id: 'elementwise',
  name: 'coordinate by coordinate',
  statement: "A coordinate's updates do not depend on the others' parameters and gradients.",
  sample: (subject) => fc.tuple(vectors(subject, undefined, 2), nonzeroDyadic()),
  measure(subject, [{ options, course }, other]) {
    const change = (values: Float64Array) => values.map((value, i) => (i === 0 ? value : other * (i + 1)));
    const changed = transformed(course, change, change);
    const [here, there] = [course, changed].map((one) => ride(subject.create(options), one, subject.epsilon));
    return here.updates.map((update, step) =>
      bitwise(`update ${step + 1} of the first coordinate`, flat(there.updates[step])[0], flat(update)[0]),
    );
  },
});

export const memorylessTrait = trait({
  id: 'memoryless',
  name: 'without memory',
  statement: 'Each step is the first step from the same x and gradient.',
  sample: (subject) => vectors(subject, { min: 2, max: 4 }),
  measure(subject, { options, course }) {
    const { updates, parameters } = ride(subject.create(options), course, subject.epsilon);
    return updates.slice(1).map((update, k) => {
      const fresh = subject.create(options);
      const shown = momentAt(course, parameters[k + 1], k + 1);
      const first = fresh.step(fresh.init(parameters[k + 1]), { ...shown, step: 0 });
      return bitwise(`update ${k + 2}`, flat(update), flat(first.update));
    });
  },
});

export const orthogonalTrait = trait({
  id: 'orthogonal',
  name: 'every direction is equal',
  statement: 'Turning x and gradients by an angle turns the updates by that angle.',
  sample: (subject) => vectors(subject, undefined, 2),
  measure(subject, { options, course }) {
    const turn = (values: Float64Array) => planar(values, 0.6, -0.8, 0.8, 0.6);
    return alike(subject, options, course, transformed(course, turn, turn, turnedHessian), turn);
  },
});

export const affineTrait = trait({
  id: 'affine',
  name: 'the units and axes of x do not matter',
  statement: 'For x = Tz, seen in z: with gradients Tᵀg and Hessian TᵀHT the updates are T⁻¹Δ.',
  sample: (subject) => fc.tuple(vectors(subject, undefined, 2), scale(4)),
  measure(subject, [{ options, course }, unit]) {
    // T = [unit, 1; 0, 1] in the first two coordinates.
    const inverse = (values: Float64Array) => planar(values, 1 / unit, -1 / unit, 0, 1);
    const transposed = (values: Float64Array) => planar(values, unit, 0, 1, 1);
    const congruent = (h: Float64Array, n: number) => bothSides(h, n, [unit, 1, 0, 1]);
    return alike(
      subject,
      options,
      course,
      transformed(course, inverse, transposed, congruent),
      inverse,
      1e-9,
    );
  },
});

export const boundedTrait = trait({
  id: 'boundedSteps',
  name: 'steps are bounded',
  statement:
    'However large the gradients, steps stop growing: those for 2⁴⁰g are at most twice those for 2²⁰g.',
  sample: (subject) => vectors(subject),
  measure(subject, { options, course }) {
    const [large, huge] = [2 ** 20, 2 ** 40].map((factor) =>
      ride(
        subject.create(options),
        transformed(
          course,
          (x) => x,
          (g) => g.map((value) => value * factor),
        ),
        subject.epsilon,
      ),
    );
    return huge.updates.map((update, step) => {
      const [longer, long] = [norm(flat(update)), norm(flat(large.updates[step]))];
      const rounding = subject.epsilon * norm(flat(huge.parameters[step + 1]));
      return atMost(
        `‖Δ‖ at step ${step + 1}`,
        longer,
        2 * long,
        1,
        subject.epsilon,
        longer + long + rounding,
      );
    });
  },
});

export const downhillTrait = trait({
  id: 'downhill',
  name: 'the first step goes downhill',
  statement: 'gᵀΔ ≤ 0 at the first step.',
  sample: (subject) => vectors(subject, { min: 1, max: 1 }),
  measure(subject, { options, course }) {
    const path = ride(subject.create(options), course, subject.epsilon);
    const g = flat(course.gradients[0]);
    const terms = [...flat(path.updates[0])].map((u, i) => u * g[i]);
    const lost = g.reduce((total, gi, i) => total + Math.abs(gi) * slack(subject, path, 0, i), 0);
    const along = terms.reduce((total, term) => total + term, 0);
    const size = terms.reduce((total, term) => total + Math.abs(term), 0);
    return [atMost('gᵀΔ', along, lost, g.length, subject.epsilon, size)];
  },
});

export const monotoneTrait = trait({
  id: 'monotone',
  name: 'every step descends',
  statement: 'On a convex quadratic of curvature at most 1 no step raises the value.',
  sample: (subject) =>
    fc.record({
      options: optionsOf(subject),
      quadratic: quadratics({ sizes: { min: 1, max: 3 } }),
      nearer: fc.constantFrom(1, 2 ** -6, 2 ** -14),
    }),
  measure(subject, { options, quadratic, nearer }) {
    const { smoothness, n } = quadratic;
    const value = (x: Float64Array) => quadraticAt(quadratic, x) / smoothness;
    const slope = (x: Float64Array) => gradientOf(quadratic, x).map((g) => g / smoothness);
    const { minimiser } = quadratic;
    const start = vector(quadratic.start.map((x, i) => minimiser[i] + nearer * (x - minimiser[i])));
    const more = { value, hessian: quadratic.matrix.map((entry) => entry / smoothness) };
    const path = descent(subject.create(options), start, slope, 6, subject.epsilon, more);
    return path.slice(1).map((x, k) => {
      const sizes = (largest(x) + largest(path[k]) + largest(quadratic.minimiser)) ** 2;
      return atMost(`f after step ${k + 1}`, value(x), value(path[k]), n, subject.epsilon, n * n * sizes);
    });
  },
});

export const restTrait = trait({
  id: 'rests',
  name: 'at rest where the gradient vanishes',
  statement: 'Gradients of 0 from the start on leave x as it is.',
  sample: (subject) => vectors(subject),
  measure(subject, { options, course }) {
    const still = transformed(
      course,
      (x) => x,
      (g) => g.map(() => 0),
    );
    const { parameters } = ride(subject.create(options), still, subject.epsilon);
    return parameters.slice(1).map((x, k) => bitwise(`x after ${k + 1} steps`, flat(x), flat(course.start)));
  },
});

/** Every trait, in the order in which they are told. */
export const traits: readonly Law[] = [
  downhillTrait,
  monotoneTrait,
  restTrait,
  memorylessTrait,
  elementwiseTrait,
  proportionalTrait,
  scaleFreeTrait,
  boundedTrait,
  oddTrait,
  mirrorTrait,
  translationTrait,
  permutationTrait,
  orthogonalTrait,
  affineTrait,
];

function trait<V>(described: {
  id: string;
  name: string;
  statement: string;
  sample(subject: OptimizerSubject): fc.Arbitrary<V>;
  measure(subject: OptimizerSubject, sample: V): readonly Deviation[];
}): Law {
  return law({ ...described, tolerance: 'R', source: 'a trait', kind: 'optimizer' });
}

/**
 * Whether the updates on one course are those on another, mapped: within 30ntε of the longest so far, or a share of it
 * that the trait allows, and what rounding of x and gradients can do.
 */
function alike(
  subject: OptimizerSubject,
  options: Options,
  course: Course,
  other: Course,
  map: (update: Float64Array) => Float64Array,
  share = 0,
): Deviation[] {
  const plain = ride(subject.create(options), course, subject.epsilon);
  const got = ride(subject.create(options), other, subject.epsilon);
  let size = 0;
  return plain.updates.flatMap((update, step) => {
    const expected = map(flat(update));
    size = Math.max(size, largest(expected));
    const n = expected.length;
    const lost = roundings(subject, plain, map, step) + roundings(subject, got, (u) => u, step);
    const allowed = (threshold * n * (step + 1) * subject.epsilon + share) * size + lost;
    return [...expected].map((u, i) => {
      const { ratio } = bounded('', Math.abs(flat(got.updates[step])[i] - u), allowed);
      const what = `update ${step + 1}, entry ${i}`;
      return { ratio, what, expected: String(u), got: String(flat(got.updates[step])[i]) };
    });
  });
}

/** What rounding of points can do to any entry of a mapped update, the map being linear. */
function roundings(
  subject: OptimizerSubject,
  path: Ride,
  map: (u: Float64Array) => Float64Array,
  step: number,
) {
  if (!subject.answersPoints) return 0;
  const entries = flat(path.updates[step]);
  return entries.reduce((total, _, i) => {
    const reach = largest(map(entries.map((__, j) => Number(i === j))));
    return total + reach * pointRounding(subject, path, step, i);
  }, 0);
}

function transformed(
  course: Course,
  start: (x: Float64Array) => Float64Array,
  gradient: (g: Float64Array) => Float64Array,
  hessian: (h: Float64Array, n: number) => Float64Array = (h) => h,
): Course {
  const through = (point: Point, map: typeof start) => vector(map(flat(point)));
  const n = course.start[0].data.length;
  return {
    start: through(course.start, start),
    gradients: course.gradients.map((g) => through(g, gradient)),
    hessian: course.hessian && hessian(course.hessian, n),
  };
}

/** The matrix [a, b; c, d] on the first two coordinates. */
function planar(values: Float64Array, a: number, b: number, c: number, d: number): Float64Array {
  const [p, q] = values;
  return values.map((value, i) => (i === 0 ? a * p + b * q : i === 1 ? c * p + d * q : value));
}

/** PᵀHP for the order that `permutation` turns by. */
function rotatedIndex(h: Float64Array, n: number): Float64Array {
  return h.map((_, at) => h[((Math.floor(at / n) + 1) % n) * n + (((at % n) + 1) % n)]);
}

function turnedHessian(h: Float64Array, n: number): Float64Array {
  return bothSides(h, n, [0.6, 0.8, -0.8, 0.6]); // QᵀHQ with x = Qᵀ(turned x)
}

/** TᵀHT for T = [a, b; c, d] on the first two coordinates. */
function bothSides(h: Float64Array, n: number, [a, b, c, d]: readonly number[]): Float64Array {
  const t = (i: number, j: number) => (i > 1 || j > 1 ? Number(i === j) : [a, b, c, d][2 * i + j]);
  return h.map((_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let total = 0;
    for (let k = 0; k < n; k++) for (let l = 0; l < n; l++) total += t(k, i) * h[k * n + l] * t(l, j);
    return total;
  });
}
