import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float64 } from '../../../src/index.js';
import { courses } from '../../arbitraries/courses.js';
import { methodOptions } from '../../arbitraries/options.js';
import { forward } from '../../laws/tolerance.js';
import * as oracles from '../../oracles/index.js';
import { seed } from '../../seed.js';
import { ourOptimizers } from '../../subjects/ours.js';
import { flat, largest } from '../../subjects/point.js';
import type { OptimizerSubject } from '../../subjects/subject.js';
import { momentAt, ride } from '../../subjects/trajectory.js';

const naive = Object.values(oracles).filter(
  (oracle): oracle is OptimizerSubject => typeof oracle === 'object' && oracle.kind === 'optimizer',
);

/**
 * Running means of terms that cancel keep the rounding of the terms, and AdaBelief's surprise g − m that of
 * g: the condition number is the largest gradient over the smallest scale it is divided by, bounded here by
 * the generator: |g| ≤ 4, ε ≥ 1e-8 and 2⁻¹⁰ ≤ |g| otherwise.
 */
const condition = 4 * 2 ** 10;

/** Arrangements of others, which have no formula of their own. */
const arrangements = ['masked', 'grouped', 'scheduled'];
const subjects = ourOptimizers(float64).filter(({ method }) => !arrangements.includes(method));

describe('each method agrees with its naive form, step for step', () => {
  it.each(subjects.map((subject) => [subject.method, subject] as const))('%s', (method, ours) => {
    const oracle = naive.find((candidate) => candidate.method === method);
    expect(oracle, `${method} has no oracle`).toBeDefined();
    fc.assert(
      fc.property(methodOptions(method), courses({ zeros: false }), (options, course) =>
        float64.scope(() => {
          // Both see the same parameters at every step: a trust ratio jumps where weights reach 0.
          const { parameters, updates } = ride(oracle!.create(options), course, ours.epsilon);
          const optimizer = ours.create(options);
          let state = optimizer.init(course.start);
          let size = 0;
          updates.forEach((update, step) => {
            const next = optimizer.step(state, momentAt(course, parameters[step], step));
            state = next.state;
            const expected = flat(update);
            const got = flat(next.update);
            const error = largest(got.map((u, i) => u - expected[i]));
            size = Math.max(size, largest(expected));
            const terms = expected.length * (step + 1);
            const { ratio, ...shown } = forward('update', error, size, terms, condition, ours.epsilon);
            expect(ratio, `update ${step + 1}: ${shown.got}, ${shown.expected}`).toBeLessThanOrEqual(1);
          });
        }),
      ),
      { seed, numRuns: 100 },
    );
  });
});
