import fc from 'fast-check';
import { SavedArray } from '../../src/index.js';
import { courses } from '../arbitraries/courses.js';
import { optionsOf } from '../arbitraries/options.js';
import { entriesOf, mapPoint } from '../subjects/point.js';
import type { OptimizerSubject, Point } from '../subjects/subject.js';
import { type Course, momentAt, moved, ride, type SavedRide, savedRide } from '../subjects/trajectory.js';
import { law } from './law.js';
import { bitwise, type Deviation } from './tolerance.js';

interface Sample {
  readonly options: Readonly<Record<string, unknown>>;
  readonly course: Course;
}

/** Options and a course over any list of shapes. */
export const anyRide = (subject: OptimizerSubject): fc.Arbitrary<Sample> =>
  fc.record({ options: optionsOf(subject), course: courses() });

export const deterministic = law({
  id: 'U1',
  name: 'deterministic',
  statement: 'Two instances with the same options, fed the same gradients, make the same updates.',
  tolerance: 'B',
  source: 'the contract of every optimizer',
  kind: 'optimizer',
  sample: anyRide,
  measure(subject, { options, course }) {
    const [once, again] = [0, 1].map(() => savedRide(subject.create(options), course, subject.epsilon));
    return sameRides(again, once);
  },
});

export const independent = law({
  id: 'U2',
  name: 'no shared state',
  statement: 'Other runs between its steps, of the same instance or another, change nothing.',
  tolerance: 'B',
  source: 'the contract of every optimizer',
  kind: 'optimizer',
  sample: (subject) => fc.tuple(anyRide(subject), anyRide(subject)),
  measure(subject, [{ options, course }, other]) {
    const { epsilon } = subject;
    const alone = ride(subject.create(options), course, epsilon);
    const optimizer = subject.create(options);
    const stranger = subject.create(other.options);
    let state = optimizer.init(course.start);
    let parameters = course.start;
    const updates: Point[] = [];
    for (let step = 0; step < course.gradients.length; step++) {
      ride(optimizer, other.course, epsilon);
      ride(stranger, other.course, epsilon);
      const next = optimizer.step(state, momentAt(course, parameters, step));
      state = next.state;
      parameters = next.point ?? moved(parameters, next.update, epsilon);
      updates.push(next.update);
    }
    return samePoints('update amid other runs', updates, alone.updates);
  },
});

export const untouched = law({
  id: 'U3',
  name: 'inputs are not mutated',
  statement: 'A step changes neither the parameters and gradient it is shown nor the state it was given.',
  tolerance: 'B',
  source: 'the contract of every optimizer',
  kind: 'optimizer',
  sample: anyRide,
  measure(subject, { options, course }) {
    const optimizer = subject.create(options);
    let state = optimizer.init(course.start);
    let parameters = course.start;
    const found: Deviation[] = [];
    for (let step = 0; step < course.gradients.length; step++) {
      const moment = copied(momentAt(course, parameters, step));
      const before = optimizer.save(state);
      const next = optimizer.step(state, moment);
      const { left = moment } = next;
      found.push(
        ...samePoints('parameters after the step', [left.parameters], [parameters]),
        ...samePoints('gradient after the step', [left.gradient], [course.gradients[step]]),
        bitwise('state given to the step', numbersIn(optimizer.save(state)), numbersIn(before)),
      );
      parameters = next.point ?? moved(parameters, next.update, subject.epsilon);
      state = next.state;
    }
    return found;
  },
});

export const shapesKept = law({
  id: 'U4',
  name: 'shapes are kept',
  statement:
    'The update has the shapes of the parameters, 0-d, length-1 and empty ones included, and also for gradients of 0.',
  tolerance: 'B',
  source: 'the contract of every optimizer',
  kind: 'optimizer',
  sample: (subject) => fc.tuple(anyRide(subject), fc.boolean()),
  measure(subject, [{ options, course }, flatAtFirst]) {
    const [first, ...others] = course.gradients;
    const gradients = flatAtFirst ? [mapPoint(first, () => 0), ...others] : course.gradients;
    const { updates } = ride(subject.create(options), { ...course, gradients }, subject.epsilon);
    return updates.map((update): Deviation => {
      const what = 'shapes of the update';
      if (sameShapes(update, course.start)) return { ratio: 0, what, expected: 'the same', got: 'the same' };
      const [expected, got] = [course.start, update].map((point) =>
        JSON.stringify(point.map(({ shape }) => shape)),
      );
      return { ratio: Number.POSITIVE_INFINITY, what, expected, got };
    });
  },
});

export const resumable = law({
  id: 'U5',
  name: 'restarting continues',
  statement: 'A new instance that is given the saved state at any step continues bit for bit.',
  tolerance: 'B',
  source: 'the contract of every optimizer',
  kind: 'optimizer',
  sample: (subject) => fc.tuple(anyRide(subject), fc.nat(3)),
  measure(subject, [{ options, course }, pause]) {
    const { epsilon } = subject;
    const whole = savedRide(subject.create(options), course, epsilon);
    const at = pause % course.gradients.length;
    const first = savedRide(
      subject.create(options),
      { ...course, gradients: course.gradients.slice(0, at) },
      epsilon,
    );
    const resumed = subject.create(options);
    const saved = at === 0 ? resumed.save(resumed.init(course.start)) : first.states[at - 1];
    let state = resumed.restore(saved);
    let parameters = first.parameters[at];
    const updates = [...first.updates];
    const states = [...first.states];
    for (let step = at; step < course.gradients.length; step++) {
      const next = resumed.step(state, momentAt(course, parameters, step));
      state = next.state;
      parameters = next.point ?? moved(parameters, next.update, epsilon);
      updates.push(next.update);
      states.push(resumed.save(state));
    }
    return sameRides({ updates, states }, whole);
  },
});

export const universalLaws = [deterministic, independent, untouched, shapesKept, resumable];

function sameRides(
  got: Pick<SavedRide, 'updates' | 'states'>,
  expected: Pick<SavedRide, 'updates' | 'states'>,
) {
  return [
    ...samePoints('update', got.updates, expected.updates),
    bitwise('state', numbersIn(got.states), numbersIn(expected.states)),
  ];
}

function sameShapes(got: Point, expected: Point): boolean {
  return (
    got.length === expected.length &&
    got.every(({ shape }, leaf) => {
      const wanted = expected[leaf].shape;
      return shape.length === wanted.length && shape.every((axis, i) => axis === wanted[i]);
    })
  );
}

export function samePoints(what: string, got: readonly Point[], expected: readonly Point[]): Deviation[] {
  return expected.map((point, step) =>
    bitwise(`${what} ${step + 1}`, entriesOf(got[step]), entriesOf(point)),
  );
}

function copied<M extends { parameters: Point; gradient: Point }>(moment: M): M {
  const copy = (point: Point): Point => point.map(({ shape, data }) => ({ shape, data: data.slice() }));
  return { ...moment, parameters: copy(moment.parameters), gradient: copy(moment.gradient) };
}

/** All numbers in plain data, in order. */
function numbersIn(plain: unknown): number[] {
  const found: number[] = [];
  const visit = (node: unknown) => {
    if (typeof node === 'number') found.push(node);
    else if (node instanceof SavedArray) {
      for (const axis of node.shape) found.push(axis);
      for (let i = 0; i < node.data.length; i++) found.push(node.data[i]);
    } else if (node !== null && typeof node === 'object') {
      if (ArrayBuffer.isView(node)) for (const value of node as unknown as number[]) found.push(value);
      else for (const child of Object.values(node)) visit(child);
    }
  };
  visit(plain);
  return found;
}
