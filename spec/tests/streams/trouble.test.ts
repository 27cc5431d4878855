import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, map, pipe, tap, toArray } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, float64, leaves, methodsIn, type Problem } from '../../../src/index.js';
import { fromLoss, useBackend } from '../../../src/tensors/index.js';
import { constant, type Transform } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { hostFit, points } from './line-fit.js';
import { flat } from './plain-loop.js';

/** A bowl over one matrix, whose second gradient is too large for its square. */
function spiked(spike: number): Problem<ReturnType<typeof float64.fill>> {
  let evaluation = 0;
  return {
    name: 'spiked',
    algebra: float64,
    start: () => float64.array([5, -4, 3, 2], [2, 2]),
    value: (x) => float64.sum(float64.square(x as never)),
    valueAndGradient: (x) => {
      const gradient = float64.mul(x as never, evaluation++ === 1 ? spike : 1.5);
      return { value: float64.fill([], 1), gradient };
    },
  };
}

describe('what a method remembers', () => {
  const methods = [...methodsIn('train').values()].filter(({ create }) => !create().needs?.length);

  it.each(methods.map((entry) => [entry.name, entry] as const))(
    'does not freeze %s in silence when a square overflows',
    async (name, entry) => {
      const method = (entry.create as () => Transform)();
      const frames = await lastValueFrom(
        s
          .train(spiked(1e200), s.withoutBatches(), pipe(s.gradient(), s.lifted(method as never)), {
            steps: 6,
          })
          .pipe(
            map((frame) => ({
              norm: frame.updateNorm,
              x: [...flat(frame.nextParameters)],
              outcome: frame.outcome,
            })),
            toArray(),
          ),
      );
      const { outcome } = frames.at(-1)!;
      if (outcome?.kind === 'nonFinite') {
        expect(outcome.stage).not.toBe('gradient');
        expect(frames.at(-1)!.x.every(Number.isFinite), name).toBe(true);
      } else for (const { norm } of frames) expect(norm, name).toBeGreaterThan(0);
    },
  );

  it('is named, with the stage, at the very step', async () => {
    const pipeline = pipe(s.gradient(), s.scaleByMoments(), s.learningRate(0.1));
    const last = await lastValueFrom(
      s.train(spiked(1e200), s.withoutBatches(), pipeline, { steps: 9 }).pipe(s.snapshot()),
    );
    expect(last.outcome).toMatchObject({ kind: 'nonFinite', stage: 'scaleByMoments', step: 1 });
    expect(last.outcome?.message).toMatch(/scaleByMoments remembers a NaN or ∞ at step 1/);
  });

  it('is let alone where an update is 0 for a reason', async () => {
    const pipeline = pipe(s.gradient(), s.lifted(adam({ learningRate: constant(0) })));
    const last = await lastValueFrom(
      s.train(spiked(2), s.withoutBatches(), pipeline, { steps: 4 }).pipe(s.snapshot()),
    );
    expect(last.outcome?.kind).toBe('budget');
    expect(last.step).toBe(3);
  });
});

describe('stopEarly', () => {
  it.each([
    ['alone', pipe(s.gradient(), s.learningRate(0.1), s.stopEarly({ patience: 3 }))],
    ['before it', pipe(s.gradient(), s.stopEarly({ patience: 3 }), s.evaluate({ every: 1 }))],
  ])('tells at the first step that there is no evaluation: %s', async (_, pipeline) => {
    const batches = s.batches(points(float64), { size: 5, seed: 1 });
    await expect(lastValueFrom(s.train(hostFit, batches, pipeline, { steps: 20 }))).rejects.toThrow(
      'step 0, stopEarly: stopEarly(of): expected an evaluate(…) before it',
    );
  });
});

describe('a last frame without a step', () => {
  it('repeats the numbers of the last step', async () => {
    const batches = s.batches(points(float64), { size: 5, seed: 1, epochs: 2 });
    const pipeline = pipe(s.gradient(), s.clipByNorm(0.1), s.learningRate(0.1));
    const all = await lastValueFrom(
      s.train(hostFit, batches, pipeline).pipe(
        map(({ step, stepped, lossValue, gradientNorm, updateNorm, measures }) => ({
          step,
          stepped,
          numbers: { lossValue, gradientNorm, updateNorm, measures },
        })),
        toArray(),
      ),
    );
    const [before, last] = all.slice(-2);
    expect([before.stepped, last.stepped, last.step]).toEqual([true, false, before.step + 1]);
    expect(last.numbers).toEqual(before.numbers);
    expect(last.numbers.measures.kept).toBeLessThan(1);
  });
});

describe('parameters that somebody disposed', () => {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  it.each(['by the run before, which shares them', 'inside the loss'])(
    'are told by the stream: %s',
    async (how) => {
      const shared = tf.tensor1d([1, 2]);
      const problem = fromLoss({
        name: 'shared',
        parameters: () => ({ w: how.startsWith('by') ? shared : tf.tensor1d([1, 2]) }),
        loss: ({ w }) => {
          const value = tf.sum(tf.square(w)) as tf.Scalar;
          if (!how.startsWith('by')) w.dispose();
          return value;
        },
        batches: () => [],
      });
      const errors: unknown[] = [];
      for (let run = 0; run < 2; run++) {
        const frames = s.train(problem, s.withoutBatches() as never, pipe(s.gradient(), s.lifted(adam())), {
          steps: 3,
        });
        await lastValueFrom(
          frames.pipe(tap(({ nextParameters, algebra }) => leaves(algebra, nextParameters))),
        ).catch((error) => errors.push(error));
      }
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) {
        expect((error as Error).message).toMatch(/disposed/);
      }
    },
  );
});
