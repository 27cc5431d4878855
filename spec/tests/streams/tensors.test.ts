import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, type MonoTypeOperatorFunction, map, mergeMap, pipe, take, toArray } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, float64, type SavedArray } from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import { chain, learningRate, momentum } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { lineFit, points } from './line-fit.js';

type Pipeline = MonoTypeOperatorFunction<s.Frame<tf.Tensor>>;
const fit = lineFit(tensors);
const batches = () => s.batches(points(tensors), { size: 3, seed: 2 });

beforeAll(async () => {
  await useBackend('cpu');
});

/** The parameters after each step. */
const path = (pipeline: Pipeline, options: s.TrainOptions) =>
  lastValueFrom(
    s.train(fit, batches(), pipeline, options).pipe(
      s.snapshot(),
      map(({ parameters }) => parameters),
      toArray(),
    ),
  );

describe('a run on tensors', () => {
  const lifted: Pipeline = pipe(s.gradient(), s.lifted(adam({ learningRate: 0.1 })));

  it('equals its chain bitwise, in float32', async () => {
    const whole: Pipeline = pipe(s.gradient(), s.lift(chain(momentum(0.5), learningRate(0.1))));
    const parts: Pipeline = pipe(s.gradient(), s.momentum(0.5), s.learningRate(0.1));
    const seen = await path(parts, { steps: 10 });
    expect(seen).toEqual(await path(whole, { steps: 10 }));
    expect((seen[0] as { w: SavedArray }).w.data).toBeInstanceOf(Float32Array);
  });

  it('goes the way of float64, up to rounding', async () => {
    const host = lineFit(float64);
    const exact = await lastValueFrom(
      s
        .train(
          host,
          s.batches(points(float64), { size: 3, seed: 2 }),
          pipe(s.gradient(), s.momentum(0.5), s.learningRate(0.1)),
          { steps: 10 },
        )
        .pipe(s.snapshot()),
    );
    const rounded = (await path(pipe(s.gradient(), s.momentum(0.5), s.learningRate(0.1)), { steps: 10 })).at(
      -1,
    );
    for (const name of ['w', 'b'] as const) {
      const [x] = (exact.parameters as Record<string, SavedArray>)[name].data;
      const [y] = (rounded as Record<string, SavedArray>)[name].data;
      // Ten contracting steps of some twenty roundings each, on numbers of size 1.
      expect(Math.abs(x - y)).toBeLessThan(30 * 20 * 2 ** -23);
    }
  });

  it('keeps as many tensors after every step, and none at the end', async () => {
    const before = tf.memory().numTensors;
    const counts = await lastValueFrom(
      s.train(fit, batches(), lifted, { steps: 20 }).pipe(
        map(() => tf.memory().numTensors),
        toArray(),
      ),
    );
    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([1, 4])('gives all back when left after %i frames, or in the midst of one', async (count) => {
    const before = tf.memory().numTensors;
    const slow: Pipeline = pipe(
      mergeMap((frame) => Promise.resolve(frame)),
      lifted,
    );
    for (const pipeline of [lifted, slow]) {
      await lastValueFrom(s.train(fit, batches(), pipeline).pipe(take(count), map(Boolean)));
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it('gives all back when a stage throws', async () => {
    const before = tf.memory().numTensors;
    const throws = s.lift({
      name: 'throws',
      options: {},
      init: () => null,
      update({ algebra, update, step }) {
        if (step === 2) {
          algebra.fill([2], 1);
          throw new Error('broken');
        }
        return { update, state: null };
      },
    });
    await expect(path(pipe(lifted, throws), {})).rejects.toMatchObject({ stage: 'throws', step: 2 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('goes on bitwise from a checkpoint', async () => {
    const checkpoints: s.Checkpoint[] = [];
    const whole = await lastValueFrom(
      s.train(fit, batches(), lifted, { steps: 8 }).pipe(
        s.checkpoint({ every: 3 }, (at) => checkpoints.push(at)),
        s.snapshot(),
        map(({ parameters }) => parameters),
        toArray(),
      ),
    );
    expect(await path(lifted, { steps: 8, checkpoint: checkpoints[0] })).toEqual(whole.slice(3));
  });
});
