import {
  concatMap,
  config,
  delay,
  lastValueFrom,
  type MonoTypeOperatorFunction,
  map,
  pipe,
  tap,
  toArray,
} from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { adam, counting, float64, fromFunction, type HostArray, rosenbrock } from '../../../src/index.js';
import { chain, learningRate, momentum } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { lineFit, points } from './line-fit.js';
import { flat, plainLoop } from './plain-loop.js';

const problem = fromFunction(rosenbrock(4));

describe('train', () => {
  it('goes on from a checkpoint that went through a message or JSON as from the checkpoint itself', async () => {
    const run = (options: s.TrainOptions) =>
      s.train(problem, s.withoutBatches(), pipe(s.gradient(), s.lifted(adam())), { steps: 10, ...options });
    let kept: s.Checkpoint | undefined;
    await lastValueFrom(run({ steps: 5 }).pipe(s.checkpoint({ every: 5 }, (at) => void (kept = at))));
    const end = async (checkpoint: s.Checkpoint) =>
      (await lastValueFrom(run({ checkpoint }).pipe(s.snapshot()))).parameters;
    const expected = await end(kept!);
    expect(await end(structuredClone(kept!))).toStrictEqual(expected);
    expect(await end(JSON.parse(JSON.stringify(kept)))).toStrictEqual(expected);
  });

  it('equals a plain loop over the chain bitwise', async () => {
    const expected = plainLoop(problem, () => undefined, chain(momentum(0.9), learningRate(1e-4)), 50);
    const before = float64.live();
    const path = await lastValueFrom(
      s
        .train(problem, s.withoutBatches(), pipe(s.gradient(), s.momentum(0.9), s.learningRate(1e-4)), {
          steps: 50,
        })
        .pipe(
          map((frame) => ({ x: flat(frame.nextParameters), loss: frame.lossValue, outcome: frame.outcome })),
          toArray(),
        ),
    );
    expect(path.map(({ x }) => x)).toEqual(expected.parameters.slice(1));
    expect(path.map(({ loss }) => loss)).toEqual(expected.losses);
    expect(path.map(({ outcome }) => outcome?.kind)).toEqual([...Array(49).fill(undefined), 'budget']);
    expect(float64.live()).toBe(before);
  });

  it('takes asynchronous operators between its own', async () => {
    const expected = plainLoop(problem, () => undefined, adam(), 5);
    const last = await lastValueFrom(
      s
        .train(problem, s.withoutBatches(), pipe(s.gradient(), delay(1), s.lifted(adam())), { steps: 5 })
        .pipe(map((frame) => flat(frame.nextParameters))),
    );
    expect(last).toEqual(expected.parameters[5]);
  });

  it('completes a million steps', async () => {
    let steps = 0;
    const before = float64.live();
    await lastValueFrom(
      s
        .train(problem, s.withoutBatches(), pipe(s.gradient(), s.learningRate(1e-4)), { steps: 1e6 })
        .pipe(tap(() => steps++)),
    );
    expect(steps).toBe(1e6);
    expect(float64.live()).toBe(before);
  });

  it("counts as the step's time what was spent on it, not the waiting", async () => {
    let clock = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => clock);
    const costs = (milliseconds: number) =>
      s.lift({
        name: 'costs',
        options: {},
        init: () => null,
        update({ update }) {
          clock += milliseconds;
          return { update, state: null };
        },
      });
    const waits = concatMap(async (frame: s.Frame<HostArray>) => {
      await null;
      clock += 1_000;
      return frame;
    });
    const down = s.learningRate(0.1);
    const run = (pipeline: MonoTypeOperatorFunction<s.Frame<HostArray>>) =>
      lastValueFrom(
        s
          .train(problem, s.withoutBatches(), pipeline, { steps: 1 })
          .pipe(
            map(({ milliseconds, operators }) => [milliseconds, ...operators.map((o) => o.milliseconds)]),
          ),
      );
    try {
      expect(await run(pipe(s.gradient(), costs(5), waits, costs(7), down))).toEqual([12, 0, 5, 7, 0]);
      expect(await run(pipe(s.gradient(), costs(5), costs(7), down))).toEqual([12, 0, 5, 7, 0]);
    } finally {
      now.mockRestore();
    }
  });

  it.each(['budget', 'unsubscribed', 'error', 'unsubscribed before it began'])(
    'closes its place in the data once: %s',
    async (end) => {
      let closed = 0;
      const source: s.Batches<undefined> = {
        open: () => ({ ...s.withoutBatches().open(), close: () => void closed++ }),
      };
      const throws = tap(({ step }: s.Frame<HostArray>) => {
        if (end === 'error' && step === 3) throw new Error('broken');
      });
      await new Promise<void>((resolve) => {
        const later = () => setTimeout(resolve, 1);
        const subscription = s.train(problem, source, pipe(s.gradient(), throws), { steps: 5 }).subscribe({
          next: ({ step }) => {
            if (end !== 'unsubscribed' || step !== 2) return;
            subscription.unsubscribe();
            later();
          },
          error: later,
          complete: later,
        });
        if (end === 'unsubscribed before it began') {
          subscription.unsubscribe();
          later();
        }
      });
      expect(closed).toBe(end === 'unsubscribed before it began' ? 0 : 1);
    },
  );

  it('goes on when a subscriber throws, as every stream does, and reports it', async () => {
    const reported: unknown[] = [];
    config.onUnhandledError = (error) => reported.push(error);
    let steps = 0;
    await new Promise<void>((resolve) => {
      s.train(problem, s.withoutBatches(), pipe(s.gradient(), s.learningRate(0.1)), { steps: 5 }).subscribe({
        next: ({ step }) => {
          steps++;
          if (step === 1) throw new Error('mine');
        },
        complete: () => setTimeout(resolve, 1),
      });
    });
    config.onUnhandledError = null;
    expect(steps).toBe(5);
    expect(reported).toMatchObject([{ message: 'mine' }]);
  });

  it('reads three values a step, and no more', async () => {
    const counted = counting(float64);
    const reads: number[] = [];
    await lastValueFrom(
      s
        .train(
          lineFit(counted),
          s.batches(points(counted), { size: 3, seed: 1 }),
          pipe(s.gradient(), s.learningRate(0.1)),
          { steps: 4 },
        )
        .pipe(
          tap(() => {
            reads.push(counted.reads());
            counted.reset();
          }),
        ),
    );
    expect(reads).toEqual([3, 3, 3, 3]);
  });
});
