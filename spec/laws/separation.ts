import fc from 'fast-check';
import { courses, drawShapes } from '../arbitraries/courses.js';
import { optionsOf } from '../arbitraries/options.js';
import { flat } from '../subjects/point.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { bitwise } from './tolerance.js';

export const leafByLeaf = law({
  id: '89',
  name: 'parameters do not meet',
  statement:
    'Each array moves as it does where it is the only one: to give arrays to groups with one method each is that method on all, and an array without a gradient changes no other’s steps.',
  tolerance: 'B',
  source: 'the method is defined array by array; param groups of torch.optim',
  kind: 'optimizer',
  sample: (subject) =>
    fc.record({
      options: optionsOf(subject),
      course: courses({ shapes: (draw) => drawShapes(draw, 2) }),
    }),
  measure({ create, epsilon }, { options, course }) {
    const { updates } = ride(create(options), course, epsilon);
    return course.start.flatMap((leaf, i) => {
      const gradients = course.gradients.map((point) => [point[i]]);
      const alone = ride(create(options), { start: [leaf], gradients }, epsilon).updates;
      return alone.map((update, step) =>
        bitwise(`array ${i}, update ${step + 1}`, flat([updates[step][i]]), flat(update)),
      );
    });
  },
});

export const separationLaws = [leafByLeaf];
