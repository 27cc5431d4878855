import { describe, expect, it } from 'vitest';
import {
  adam,
  adamw,
  findMethod,
  float64,
  gradientDescent,
  newton,
  type Transform,
} from '../../../src/index.js';
import { clipByNorm } from '../../../src/transforms/index.js';
import { tryLaw } from '../../check.js';
import { traits } from '../../laws/traits.js';
import { seed } from '../../seed.js';
import { subjectOf } from '../../subjects/adapt.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';
import type { OptimizerSubject } from '../../subjects/subject.js';

const runs = 60;

function held(subject: OptimizerSubject): string[] {
  return traits
    .filter((trait) => tryLaw(trait, subject, { seed, runs }).verdict === 'holds')
    .map(({ id }) => id);
}

const all = traits.map(({ id }) => id);
const without = (...ids: string[]) => all.filter((id) => !ids.includes(id));
const subject = (method: string, options: object) =>
  subjectOf(
    float64,
    method,
    () => findMethod(method, 'train').create(options as Record<string, unknown>) as Transform,
  );

describe('traits are seen where they are, and not where they are not', () => {
  it.each<[string, OptimizerSubject, string[]]>([
    [
      'gradientDescent',
      subject('gradientDescent', { learningRate: 0.5 }),
      without('scaleFree', 'boundedSteps', 'affine'),
    ],
    ['signDescent', subject('signDescent', {}), without('proportional', 'monotone', 'orthogonal', 'affine')],
    [
      'momentum',
      subject('momentum', { learningRate: 0.5 }),
      without('memoryless', 'monotone', 'scaleFree', 'boundedSteps', 'affine'),
    ],
    ['adam', subject('adam', {}), without('memoryless', 'monotone', 'proportional', 'orthogonal', 'affine')],
    [
      'adamw',
      subject('adamw', {}),
      without(
        'memoryless',
        'monotone',
        'proportional',
        'orthogonal',
        'affine',
        'rests',
        'translation',
        'oddInGradient',
      ),
    ],
    ['newton', subject('newton', {}), without('scaleFree', 'boundedSteps')],
  ])('%s', (_, one, expected) => {
    expect(held(one)).toEqual(expected);
  });

  it.each([
    ['gradientDescent', gradientDescent({ learningRate: 0.5 })],
    ['adam', adam()],
    ['adamw', adamw()],
    ['newton', newton()],
    ['clip', clipByNorm(1)],
  ])('%s has the same traits where it answers points', async (_, transform) => {
    const ours = (await subjectOfExport(transform, 'ours')) as OptimizerSubject;
    const { create } = ours;
    const points: OptimizerSubject = {
      ...ours,
      answersPoints: true,
      create(options) {
        const made = create(options);
        return {
          ...made,
          step(state, moment) {
            const next = made.step(state, moment);
            const point = moment.parameters.map(({ shape, data }, leaf) => ({
              shape,
              data: data.map((x, i) => x + next.update[leaf].data[i]),
            }));
            const update = point.map(({ shape, data }, leaf) => ({
              shape,
              data: data.map((x, i) => x - moment.parameters[leaf].data[i]),
            }));
            return { ...next, point, update };
          },
        };
      },
    };
    expect(held(points)).toEqual(held(ours));
  });
});
