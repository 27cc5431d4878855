import fc from 'fast-check';
import { courses } from '../arbitraries/courses.js';
import { flat, norm } from '../subjects/point.js';
import type { Bracket, Part } from '../subjects/subject.js';
import { ride, savedRide } from '../subjects/trajectory.js';
import { law } from './law.js';
import { backward, bitwise } from './tolerance.js';
import { samePoints } from './universal.js';

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ name: fc.constant('momentum' as const), argument: fc.constantFrom(0.5, 0.9) }),
  fc.record({ name: fc.constant('learningRate' as const), argument: fc.constantFrom(1, 0.1) }),
  fc.record({ name: fc.constant('clipByNorm' as const), argument: fc.constantFrom(1, 0.25) }),
  fc.record({ name: fc.constant('scaleByMoments' as const), argument: fc.constantFrom(0.9, 0.999) }),
);

export const associative = law({
  id: '61',
  name: 'composition is associative',
  statement: '(a ∘ b) ∘ c = a ∘ (b ∘ c), and the empty composition is neutral: updates and state.',
  tolerance: 'B',
  source: 'composition of functions',
  kind: 'composition',
  sample: () =>
    fc.record({
      parts: fc.array(part, { minLength: 1, maxLength: 4 }),
      cuts: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)),
      course: courses(),
    }),
  measure(subject, { parts, cuts: [cut, inner, empty], course }) {
    const { epsilon } = subject;
    const plain = savedRide(subject.compose(parts), course, epsilon);
    const at = cut % parts.length;
    const [left, right] = [parts.slice(0, at), parts.slice(at)];
    const deep = inner % right.length;
    const bracketings: Record<string, readonly Bracket[]> = {
      '(a b)(c d)': [left, right],
      '(a b)(c (d))': [left, [...right.slice(0, deep), right.slice(deep)]],
      'with an empty composition': [...parts.slice(0, empty), [], ...parts.slice(empty)],
    };
    return Object.entries(bracketings).flatMap(([name, brackets]) => {
      const { updates, states } = savedRide(subject.compose(brackets), course, epsilon);
      const text = (state: unknown) => JSON.stringify(state);
      const same = states.every((state, step) => text(state) === text(plain.states[step]));
      return [
        ...samePoints(`${name}: update`, updates, plain.updates),
        bitwise(`${name}: same state`, same ? 1 : 0, 1),
      ];
    });
  },
});

export const commuting = law({
  id: '62',
  name: 'linear parts commute',
  statement: 'A scale and a running mean give the same update in either order.',
  tolerance: 'R',
  source: 'both are linear and act on each coordinate alone',
  kind: 'composition',
  sample: () => fc.tuple(fc.constantFrom(0.5, 0.9), fc.constantFrom(1, 0.1, 3), courses()),
  measure(subject, [beta, rate, course]) {
    const parts: readonly Part[] = [
      { name: 'momentum', argument: beta },
      { name: 'learningRate', argument: rate },
    ];
    return commutation(subject, parts, course);
  },
});

export const compositionLaws = [associative, commuting];

/** How far apart the updates of the parts and of the parts in reverse are. */
export function commutation(
  subject: { epsilon: number; compose(parts: readonly Part[]): Parameters<typeof ride>[0] },
  parts: readonly Part[],
  course: Parameters<typeof ride>[1],
) {
  const [there, back] = [parts, parts.toReversed()].map(
    (order) => ride(subject.compose(order), course, subject.epsilon).updates,
  );
  // The running mean of terms that cancel keeps their rounding: its norm is that of all terms seen so far.
  let norms = 0;
  return there.map((update, step) => {
    const other = flat(back[step]);
    const values = flat(update);
    norms += norm(values) + norm(flat(course.gradients[step]));
    const residual = norm(values.map((u, i) => u - other[i]));
    return backward(`update ${step + 1} in the other order`, residual, norms, step + 2, subject.epsilon);
  });
}
