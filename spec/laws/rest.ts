import fc from 'fast-check';
import { courses, vectorCourses } from '../arbitraries/courses.js';
import { optionsOf } from '../arbitraries/options.js';
import { flat } from '../subjects/point.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { bitwise } from './tolerance.js';

export const changingRate = law({
  id: '101',
  name: 'a changing rate scales the step alone',
  statement:
    'With the rate 2⁻ᵗ the update at count t is 2⁻ᵗ times that with the rate 1: what is remembered knows no rate.',
  tolerance: 'B',
  source:
    'the rate stands behind the memory: Sutskever et al. 2013 have it inside, which agrees for constant rates only',
  kind: 'optimizer',
  sample: () =>
    fc.record({ beta: fc.constantFrom(0.5, 0.75, 0), course: vectorCourses({ steps: { min: 2, max: 5 } }) }),
  measure({ create, epsilon }, { beta, course }) {
    const [constant, falling] = [1, 0.5].map(
      (factor) => ride(create({ beta, factor }), course, epsilon).updates,
    );
    return falling.map((update, t) =>
      bitwise(
        `update ${t + 1}`,
        flat(update),
        flat(constant[t]).map((u) => u * 2 ** -t),
      ),
    );
  },
});

export const stillness = law({
  id: '102',
  name: 'a gradient of 0 moves nothing',
  statement:
    'Without decay, and before any other gradient, x stays where its gradient is 0, and what follows is finite.',
  tolerance: 'B',
  source: 'a method rests where f is stationary',
  kind: 'optimizer',
  sample: (subject) =>
    fc.record({
      options: optionsOf(subject),
      course: courses({ steps: { min: 1, max: 3 } }),
      zeros: fc.integer({ min: 1, max: 3 }),
    }),
  measure({ create, epsilon }, { options, course, zeros }) {
    const plain = 'weightDecay' in options ? { ...options, weightDecay: 0 } : options;
    const none = course.start.map(({ shape, data }) => ({ shape, data: new Float64Array(data.length) }));
    const gradients = [...Array.from({ length: zeros }, () => none), ...course.gradients];
    const { updates } = ride(create(plain), { ...course, gradients }, epsilon);
    return [
      ...updates.slice(0, zeros).map((update, t) => {
        const moved = flat(update);
        return bitwise(`update ${t + 1} under gradients 0`, moved, new Float64Array(moved.length));
      }),
      bitwise(
        'all updates finite',
        Number(updates.every((update) => flat(update).every(Number.isFinite))),
        1,
      ),
    ];
  },
});

export const restLaws = [changingRate, stillness];
