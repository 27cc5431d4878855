import {
  EMPTY,
  lastValueFrom,
  type MonoTypeOperatorFunction,
  map,
  NEVER,
  type Observable,
  type OperatorFunction,
  pipe,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { adam, float64, fromFunction, type HostArray, rosenbrock, SavedArray } from '../../../src/index.js';
import * as pure from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { all } from './laws.js';
import { hostFit, points } from './line-fit.js';
import { flat } from './plain-loop.js';

type Host = s.Frame<HostArray>;
const batches = () => s.batches(points(float64), { size: 3, seed: 2 });
const run = (
  pipeline: MonoTypeOperatorFunction<Host>,
  options: s.TrainOptions = { steps: 6 },
): Observable<Host> => s.train(hostFit, batches(), pipeline, options);

/** Events of a stream, in words. */
function events(stream: Observable<unknown>): string[] {
  const seen: string[] = [];
  stream
    .subscribe({
      next: () => seen.push('next'),
      error: ({ message }) => seen.push(message),
      complete: () => seen.push('complete'),
    })
    .unsubscribe();
  return seen;
}

const rate = s.learningRate(0.1);

const operators: [string, OperatorFunction<Host, unknown>][] = [
  ['gradient', s.gradient()],
  ['lift', s.lift(pure.momentum(0.9))],
  ['lifted', s.lifted(adam())],
  ['skipWhen', s.skipWhen(() => false, s.learningRate(0.1))],
  ['evaluate', s.evaluate({ every: 1 })],
  ['stopEarly', s.stopEarly({ patience: 100, of: 'loss' })],
  ['snapshot', s.snapshot()],
  ['checkpoint', s.checkpoint({ every: 1 }, () => {})],
];

describe.each(operators)('%s', (_, operator) => {
  it('never speaks where its source does not', () => {
    expect(events(NEVER.pipe(operator))).toEqual([]);
  });

  it('completes with its source', () => {
    expect(events(EMPTY.pipe(operator))).toEqual(['complete']);
  });

  it('passes an error on', () => {
    expect(events(throwError(() => new Error('broken')).pipe(operator))).toEqual(['broken']);
  });

  it.each([1, 2, 7])('passes %i of endless frames on, and frees all when left', async (count) => {
    const before = float64.live();
    const mine = ['gradient', 'snapshot', 'checkpoint'].includes(_)
      ? run(pipe(s.gradient(), rate), {}).pipe(operator)
      : run(pipe(s.gradient(), operator as MonoTypeOperatorFunction<Host>, rate), {});
    expect((await lastValueFrom(mine.pipe(take(count), map(Boolean), toArray()))).length).toBe(count);
    expect(float64.live()).toBe(before);
  });
});

describe('lift', () => {
  it('is told where a gradient is missing', async () => {
    await expect(all(run(s.momentum(0.9)))).rejects.toThrow('step 0, momentum: frame.update: there is none');
  });

  it('has a twin of every transform', () => {
    const others = [
      'averagedParameters',
      'fisherCurvature',
      'kroneckerCurvature',
      'routing',
      'mergedAttention',
      'orthogonalizingPolynomials',
      'averages',
      'isAveraging',
      'isChain',
      'isRefreshed',
      'everything',
    ]; // and schedules
    const schedules = ['constant', 'cosine', 'exponential', 'linearWarmup', 'stepwise'];
    const transforms = Object.keys(pure).filter((name) => ![...others, ...schedules].includes(name));
    expect(transforms.length).toBeGreaterThan(10);
    expect(transforms.filter((name) => !(name in s))).toEqual([]);
  });

  it('shows every operator with its cost and state', async () => {
    const seen = await lastValueFrom(
      run(
        pipe(
          s.gradient(),
          s.momentum(0.5),
          s.skipWhen(({ step }) => step % 2 === 0, s.learningRate(0.1)),
        ),
      ).pipe(
        map((frame) =>
          frame.operators.map(({ name, options, frames, milliseconds, arrays, bytes }) => {
            expect(milliseconds).toBeGreaterThanOrEqual(0);
            return { name, options, frames, arrays, bytes };
          }),
        ),
      ),
    );
    expect(seen).toEqual([
      { name: 'gradient', options: {}, frames: 6, arrays: 0, bytes: 0 },
      { name: 'momentum', options: { beta: 0.5 }, frames: 6, arrays: 2, bytes: 16 },
      { name: 'skipWhen', options: {}, frames: 6, arrays: 0, bytes: 0 },
      { name: 'learningRate', options: { rate: 0.1 }, frames: 3, arrays: 0, bytes: 0 },
    ]);
  });

  it('refuses a pipeline whose operators change from step to step', async () => {
    const restless: MonoTypeOperatorFunction<Host> = (frames) =>
      frames.pipe(
        s.gradient(),
        tap((frame) => void frame.slot(frame.step < 2 ? 'calm' : 'restless', () => null)),
      );
    await expect(all(run(pipe(restless, rate)))).rejects.toThrow(
      'step 2, restless: expected calm as operator 2 of the pipeline, as in earlier steps, got restless',
    );
  });
});

describe('skipWhen', () => {
  it('leads frames round the operator, whose state waits', async () => {
    const skipping = (step: number) => step % 3 === 1;
    const expected: number[][] = [];
    const passed: number[][] = [];
    let velocity = [0, 0];
    const pipeline: MonoTypeOperatorFunction<Host> = pipe(
      s.gradient(),
      tap((frame) => {
        const gradient = [...flat(frame.gradient)];
        if (!skipping(frame.step)) velocity = velocity.map((v, i) => 0.5 * v + gradient[i]);
        expected.push(skipping(frame.step) ? gradient : velocity);
      }),
      s.skipWhen(({ step }) => skipping(step), s.momentum(0.5)),
      tap((frame) => void passed.push([...flat(frame.update)])),
      s.learningRate(0.1),
    );
    await all(run(pipeline, { steps: 8 }));
    expect(passed.length).toBe(8);
    expect(passed).toEqual(expected);
  });

  it('tells what its predicate throws, and where', async () => {
    const broken = s.skipWhen(() => {
      throw new Error('undecided');
    }, s.momentum(0.5));
    await expect(all(run(pipe(s.gradient(), broken)))).rejects.toMatchObject({
      message: /undecided/,
      step: 0,
    });
  });
});

describe('evaluate', () => {
  it('evaluates the new parameters every so many steps', async () => {
    const seen = await lastValueFrom(
      run(pipe(s.gradient(), s.evaluate({ every: 2 }), s.learningRate(0.1))).pipe(
        map((frame) => [frame.evaluation?.loss, (flat(frame.nextParameters)[0] as number) ** 2] as const),
        toArray(),
      ),
    );
    expect(seen.map(([loss]) => loss !== undefined)).toEqual([false, true, false, true, false, true]);
    for (const [loss, expected] of seen) if (loss !== undefined) expect(loss).toBe(expected);
  });

  it('evaluates the running mean that a weightAverage keeps, wherever it stands itself', async () => {
    const beta = 0.75;
    const averaging = [s.learningRate(0.1), s.weightAverage({ beta })] as const;
    const evaluation = s.evaluate({ every: 1, of: 'average' });
    for (const pipeline of [
      pipe(s.gradient(), ...averaging, evaluation),
      pipe(s.gradient(), evaluation, ...averaging),
    ]) {
      let mean: number | undefined;
      await lastValueFrom(
        run(pipeline).pipe(
          tap((frame) => {
            mean ??= flat(frame.parameters)[0];
            mean += (1 - beta) * (flat(frame.nextParameters)[0] - mean);
            expect(frame.evaluation?.loss).toBe(mean ** 2);
          }),
        ),
      );
    }
  });

  it('says so where nothing averages', async () => {
    const frames = run(pipe(s.gradient(), s.learningRate(0.1), s.evaluate({ every: 1, of: 'average' })));
    await expect(lastValueFrom(frames)).rejects.toThrow('evaluate(of): expected a weightAverage');
    expect(() => s.evaluate({ every: 1, of: 'mean' as 'average' })).toThrow(
      "evaluate(of): expected 'parameters' or 'average', got 'mean'",
    );
  });

  it('says so where a problem cannot', async () => {
    const mute = fromFunction(rosenbrock(2));
    const frames = s.train(mute, s.withoutBatches(), pipe(s.gradient(), rate, s.evaluate({ every: 1 })), {
      steps: 2,
    });
    await expect(lastValueFrom(frames)).rejects.toThrow('evaluate: the problem rosenbrock has no evaluation');
  });

  it('refuses a wrong interval', () => {
    expect(() => s.evaluate({ every: 0 })).toThrow(
      'evaluate(every): expected a whole number in [1, ∞), got 0',
    );
  });
});

describe('stopEarly', () => {
  it('ends the run when the loss does not get better', async () => {
    const frames = run(
      pipe(s.gradient(), s.learningRate(0), s.evaluate({ every: 2 }), s.stopEarly({ patience: 3 })),
      {},
    );
    const last = await lastValueFrom(frames.pipe(s.snapshot()));
    expect(last.step).toBe(7); // evaluated after steps 1, 3, 5 and 7, the first of which was the best
    expect(last.outcome).toMatchObject({ kind: 'stopped', stage: 'stopEarly' });
  });

  it('does not while the loss gets better', async () => {
    const source = s.train(
      fromFunction(rosenbrock(2)),
      s.withoutBatches(),
      pipe(s.gradient(), s.learningRate(1e-4), s.stopEarly({ patience: 1, of: 'loss' })),
      { steps: 20 },
    );
    expect((await lastValueFrom(source.pipe(s.snapshot()))).outcome?.kind).toBe('budget');
  });

  it('refuses wrong options', () => {
    expect(() => s.stopEarly({ patience: 0 })).toThrow('stopEarly(patience)');
    expect(() => s.stopEarly({ patience: 1, of: 'accuracy' as 'loss' })).toThrow(
      "expected 'evaluation' or 'loss'",
    );
    expect(() => s.stopEarly({ patience: 1, improvement: -1 })).toThrow('stopEarly(improvement)');
  });
});

describe('snapshot', () => {
  it('outlives the frame, which does not', async () => {
    const kept: Host[] = [];
    const snapshots = await lastValueFrom(
      run(pipe(s.gradient(), s.learningRate(0.1))).pipe(
        tap((frame) => kept.push(frame)),
        s.snapshot(),
        toArray(),
      ),
    );
    expect(snapshots.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(snapshots.map(({ parameters }) => JSON.stringify(parameters))).size).toBe(6);
    expect((snapshots[0].parameters as { w: SavedArray }).w).toBeInstanceOf(SavedArray);
    expect(snapshots[5].outcome?.kind).toBe('budget');
    expect(kept[0].step).toBe(0);
    expect(() => flat(kept[0].parameters)).toThrow('gone; copy them by snapshot()');
  });
});

describe('checkpoint', () => {
  it('sends what its callback throws down the stream', async () => {
    const before = float64.live();
    const full = s.checkpoint<HostArray>({ every: 2 }, () => {
      throw new Error('the disk is full');
    });
    const seen: number[] = [];
    await expect(
      lastValueFrom(
        run(pipe(s.gradient(), rate)).pipe(
          tap(({ step }) => seen.push(step)),
          full,
        ),
      ),
    ).rejects.toThrow('the disk is full');
    expect(seen).toEqual([0, 1]);
    expect(float64.live()).toBe(before);
  });
});
