import fc from 'fast-check';
import { vectorCourses } from '../arbitraries/courses.js';
import { dyadicVector } from '../arbitraries/dyadic.js';
import { optionsOf } from '../arbitraries/options.js';
import { quadratics } from '../arbitraries/quadratics.js';
import { traitsOf } from '../subjects/method-traits.js';
import { flat, largest, mapPoint, norm, vector } from '../subjects/point.js';
import type { OptimizerSubject, Point } from '../subjects/subject.js';
import { type Course, ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { closeUpdate, slack } from './points.js';
import { backward } from './tolerance.js';
import { samePoints } from './universal.js';

const vectorRide = (subject: OptimizerSubject) =>
  fc.record({ options: optionsOf(subject), course: vectorCourses() });

export const translation = law({
  id: '6',
  name: 'translation',
  statement: 'The same gradients from a start moved by t give the same updates.',
  tolerance: 'B',
  source: 'the update depends on x through the gradient alone',
  kind: 'optimizer',
  sample: (subject) => fc.tuple(vectorRide(subject), dyadicVector(4)),
  measure(subject, [{ options, course }, shift]) {
    const start = mapPoint(course.start, (x, i) => x + shift[i]);
    const there = ride(subject.create(options), course, subject.epsilon);
    const here = ride(subject.create(options), { ...course, start }, subject.epsilon);
    return there.updates.flatMap((update, step) =>
      closeUpdate(subject, `update ${step + 1} from the moved start`, [here, there], step, update),
    );
  },
});

export const signedPermutation = law({
  id: '7',
  name: 'signed permutations',
  statement:
    'Coordinates renamed and mirrored in start and gradients are renamed and mirrored in the updates: bitwise for elementwise methods, else by backward ratio.',
  tolerance: 'B',
  source: 'no coordinate is special',
  kind: 'optimizer',
  sample: (subject) =>
    fc.tuple(vectorRide(subject), fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), signs()),
  measure(subject, [{ options, course }, keys, mirrored]) {
    const n = course.start[0].data.length;
    const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => keys[i] - keys[j] || i - j);
    const turn = (point: Point): Point => {
      const values = flat(point);
      return vector(order.map((from, i) => mirrored[i] * values[from]));
    };
    const turned: Course = {
      start: turn(course.start),
      gradients: course.gradients.map(turn),
      hessian: course.hessian?.map((_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        return mirrored[i] * mirrored[j] * course.hessian![order[i] * n + order[j]];
      }),
    };
    const plain = ride(subject.create(options), course, subject.epsilon);
    const there = ride(subject.create(options), turned, subject.epsilon);
    const expected = plain.updates.map(turn);
    if (!traitsOf(subject).sumsOverEntries) return samePoints('turned update', there.updates, expected);
    return expected.map((point, step) => {
      // Points that were rounded at other digits of a sum lose each its own.
      const difference = flat(there.updates[step]).map((u, i) => {
        const lost = slack(subject, there, step, i) + slack(subject, plain, step, order[i]);
        return Math.max(0, Math.abs(u - flat(point)[i]) - lost);
      });
      const norms = norm(flat(point)) * (step + 1);
      return backward(`turned update ${step + 1}`, norm(difference), norms, n, subject.epsilon);
    });
  },
});

export const mirrored = law({
  id: '9b',
  name: 'mirror',
  statement: '(x, g) → (−x, −g) negates every update.',
  tolerance: 'B',
  source: 'signed permutation by −1; with sign changes exact in floating point',
  kind: 'optimizer',
  sample: vectorRide,
  measure(subject, { options, course }) {
    const negated = (point: Point) => mapPoint(point, (entry) => -entry);
    const there = ride(subject.create(options), course, subject.epsilon);
    const mirror = { ...course, start: negated(course.start), gradients: course.gradients.map(negated) };
    const here = ride(subject.create(options), mirror, subject.epsilon);
    return samePoints('mirrored update', here.updates, there.updates.map(negated));
  },
});

export const ascent = law({
  id: '9',
  name: 'f → −f',
  statement: 'With −f for f gradient descent negates its update and Newton keeps it.',
  tolerance: 'B',
  source: '∇(−f) = −∇f and (−H)⁻¹(−g) = H⁻¹g',
  kind: 'optimizer',
  sample: (subject) => fc.tuple(vectorRide(subject), quadratics({ sizes: { min: 1, max: 4 }, signs: 'any' })),
  measure(subject, [{ options, course }, { n, matrix }]) {
    const sizes = course.start[0].data.length;
    const hessian = sizes === n ? matrix : course.hessian;
    const upside = { ...course, hessian };
    const down = {
      ...course,
      gradients: course.gradients.map((g) => mapPoint(g, (entry) => -entry)),
      hessian: hessian?.map((entry) => -entry),
    };
    const plain = ride(subject.create(options), upside, subject.epsilon);
    const turned = ride(subject.create(options), down, subject.epsilon);
    const factor = traitsOf(subject).signless ? 1 : -1;
    return plain.updates.flatMap((update, step) => {
      const expected = mapPoint(update, (u) => factor * u);
      return closeUpdate(subject, `update ${step + 1} on −f`, [turned, plain], step, expected);
    });
  },
});

export const newtonStep = law({
  id: '16',
  name: 'Newton solves a quadratic in one step',
  statement: '‖Hp + g‖ ≤ 30(‖H‖‖p‖ + ‖g‖)nε for the step p with η = 1.',
  tolerance: 'R',
  source: 'Nocedal and Wright 2006, equation 2.15',
  kind: 'optimizer',
  sample: () => quadratics({ reach: 6, signs: 'any' }),
  measure(subject, { n, matrix, eigenvalues, start }) {
    const optimizer = subject.create({ learningRate: 1 });
    const parameters = vector(start);
    const gradient = vector(start.map((x) => x + 1));
    const { update } = optimizer.step(optimizer.init(parameters), {
      parameters,
      gradient,
      loss: 1,
      step: 0,
      hessian: matrix,
    });
    const p = flat(update);
    const g = flat(gradient);
    const residual = g.map((entry, i) => p.reduce((total, pj, j) => total + matrix[i * n + j] * pj, entry));
    const norms = largest(eigenvalues) * norm(p) + norm(g);
    return [backward('Hp + g', norm(residual), norms, n, subject.epsilon)];
  },
});

export const symmetryLaws = [translation, signedPermutation, ascent, mirrored, newtonStep];

function signs(): fc.Arbitrary<number[]> {
  return fc.array(fc.constantFrom(1, -1), { minLength: 4, maxLength: 4 });
}
