import fc from 'fast-check';
import { courses, drawShapes } from '../arbitraries/courses.js';
import { optionsOf } from '../arbitraries/options.js';
import { flat, largest } from '../subjects/point.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { slack } from './points.js';
import { bitwise, bounded, type Deviation, threshold, valued } from './tolerance.js';

export const leafByLeaf = law({
  id: '89',
  name: 'parameters do not meet',
  statement:
    'Each array moves as it does where it is the only one: to give arrays to groups with one method each is that method on all, and an array without a gradient changes no other’s steps; bit for bit, but for what answers points: within 30tε|Δ| and the rounding of the points.',
  tolerance: 'B',
  source: 'the method is defined array by array; param groups of torch.optim',
  kind: 'optimizer',
  sample: (subject) =>
    fc.record({
      options: optionsOf(subject),
      course: courses({ shapes: (draw) => drawShapes(draw, 2) }),
    }),
  measure(subject, { options, course }) {
    const { create, epsilon, answersPoints } = subject;
    const { updates } = ride(create(options), course, epsilon);
    return course.start.flatMap((leaf, i) => {
      const gradients = course.gradients.map((point) => [point[i]]);
      const alone = ride(create(options), { start: [leaf], gradients }, epsilon);
      let size = 0;
      return alone.updates.flatMap((update, step): Deviation[] => {
        const what = `array ${i}, update ${step + 1}`;
        const [got, expected] = [flat([updates[step][i]]), flat(update)];
        if (!answersPoints) return [bitwise(what, got, expected)];
        // A stranger's compiler may take the same entry by other instructions where there are more of them.
        size = Math.max(size, largest(expected));
        return [...expected].map((u, k) => {
          const allowed = threshold * (step + 1) * epsilon * size + 2 * slack(subject, alone, step, k);
          return valued(bounded(`${what}, entry ${k}`, Math.abs(got[k] - u), allowed), u, got[k]);
        });
      });
    });
  },
});

export const separationLaws = [leafByLeaf];
