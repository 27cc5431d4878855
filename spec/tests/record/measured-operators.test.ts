import fc from 'fast-check';
import { lastValueFrom, map, type OperatorFunction, pipe, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  describedOperators,
  MeasuredOperators,
} from '../../../dashboard/record/recording/measured-operators.js';
import { float64, type HostArray } from '../../../src/index.js';
import type { Transform } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { batches, type Frame, train } from '../../../streams/index.js';
import { lineFit, points } from '../streams/line-fit.js';

type Host = Frame<HostArray>;

/** Keeps two arrays: one made anew at every k-th update, one at each. */
function renewing(every: number): Transform {
  return {
    name: 'renewing',
    options: { every },
    measures: [{ name: 'renewals', kind: 'number', meaning: 'so far' }],
    init: (_, algebra) => ({ count: 0, rare: algebra.array([0], [1]), often: algebra.array([0], [1]) }),
    update({ algebra, update }, state) {
      const { count, rare } = state as { count: number; rare: never };
      const fresh = () => algebra.array([count], [1]);
      return {
        update,
        state: { count: count + 1, rare: count % every === 0 ? fresh() : rare, often: fresh() },
      };
    },
  };
}

function frames<R>(pipeline: OperatorFunction<Host, Host>, steps: number, look: (frame: Host) => R) {
  const run = train(lineFit(float64), batches(points(float64), { size: 4, seed: 1 }), pipeline, { steps });
  return lastValueFrom(run.pipe(map(look), toArray()));
}

describe('what is measured of operators', () => {
  it('tells how old the oldest array of each state is, at each step', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        async (every, steps) => {
          const operators = new MeasuredOperators<HostArray>();
          const pipeline = pipe(s.gradient(), s.lift(renewing(every)), s.momentum(0.5), s.learningRate(0.1));
          const ages = await frames(pipeline, steps, (frame) => {
            operators.take(frame);
            return operators.measured(frame).operators.map(({ age }) => age);
          });
          expect(ages).toEqual(
            Array.from({ length: steps }, (_, step) => [undefined, step % every, 0, undefined]),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps the age of an operator that frames are led round', async () => {
    const operators = new MeasuredOperators<HostArray>();
    const pipeline = pipe(
      s.gradient(),
      s.skipWhen(({ step }) => step > 1, s.momentum(0.5)),
      s.learningRate(0.1),
    );
    const seen = await frames(pipeline, 5, (frame) => {
      operators.take(frame);
      const { operators: measured, parameters } = operators.measured(frame);
      return { ages: measured.map(({ age }) => age), parameters, described: describedOperators(frame) };
    });
    expect(seen.map(({ ages }) => ages[2])).toEqual([0, 0, 1, 2, 3]);
    expect(seen[0].parameters).toEqual({ arrays: 2, bytes: 16 });
    expect(seen[0].described).toEqual([
      { name: 'gradient', options: {} },
      { name: 'skipWhen', options: {}, inner: 1 },
      { name: 'momentum', options: { beta: 0.5 } },
      { name: 'learningRate', options: { rate: 0.1 } },
    ]);
  });

  it('says which operator measures what, under the names that the frames have', async () => {
    const pipeline = pipe(s.gradient(), s.lift(renewing(2)), s.lift(renewing(3)), s.learningRate(0.1));
    const [operators] = await frames(pipeline, 1, describedOperators);
    expect(operators.map(({ measures }) => measures)).toEqual([
      undefined,
      ['renewals'],
      ['renewals 2'],
      undefined,
    ]);
  });
});
