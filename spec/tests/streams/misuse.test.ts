import {
  concatMap,
  delay,
  filter,
  from,
  type MonoTypeOperatorFunction,
  map,
  mergeMap,
  NEVER,
  of,
  pipe,
  take,
  tap,
} from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  float64,
  fromFunction,
  type HostArray,
  mapTree,
  rosenbrock,
  SavedArray,
} from '../../../src/index.js';
import type { Problem } from '../../../src/objective/problem.js';
import { chain, newton } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { Pending } from '../../../streams/pending.js';
import { all } from './laws.js';
import { hostFit, type Points, points } from './line-fit.js';

type Host = s.Frame<HostArray>;
type Pipeline = MonoTypeOperatorFunction<Host>;
const batches = () => s.batches(points(float64), { size: 3, seed: 2 });
const usual: Pipeline = pipe(s.gradient(), s.momentum(0.5), s.learningRate(0.1));
const run = (pipeline: Pipeline, options: s.TrainOptions = { steps: 5 }) =>
  all(s.train(hostFit, batches(), pipeline, options));

describe('what a problem cannot give', () => {
  const needing = { ...newton(), name: 'needing', needs: ['hessian', 'layers'] as const };

  it('is told when the run starts, before any batch is asked for', async () => {
    const source = points(float64);
    for (const operator of [
      s.lift(needing),
      s.lifted(chain(needing)),
      s.masked(needing, /./),
      s.grouped(() => 'all', { all: needing }),
    ]) {
      const frames = s.train(hostFit, s.batches(source, { size: 3, seed: 2 }), pipe(s.gradient(), operator));
      await expect(all(frames)).rejects.toThrow(
        /\(problem\): expected one that answers hessian and layers, got lineFit, which does not/,
      );
    }
    expect(source.made).toBe(0);
  });

  it('is not asked of one that can', async () => {
    const frames = s.train(
      fromFunction(rosenbrock(2)),
      s.withoutBatches(),
      pipe(s.gradient(), s.newton(), s.learningRate(1)),
      { steps: 2 },
    );
    expect((await all(frames)).length).toBeGreaterThan(1);
  });
});

describe('a frame that does not come back', () => {
  const before = float64.live();

  it('is missed at once where nothing is pending', async () => {
    vi.spyOn(process, 'getActiveResourcesInfo').mockReturnValue(['PipeWrap', 'TTYWrap']);
    for (const swallow of [
      filter<Host>(({ step }) => step !== 2),
      mergeMap<Host, typeof NEVER>((frame) => (frame.step === 2 ? NEVER : (of(frame) as never))) as Pipeline,
    ]) {
      await expect(run(pipe(usual, swallow))).rejects.toMatchObject({
        stage: 'learningRate',
        step: 2,
        message: expect.stringMatching(/nothing asynchronous is pending.*skipWhen/),
      });
    }
    vi.restoreAllMocks();
    expect(float64.live()).toBe(before);
  });

  it('is waited for while something is pending, and missed after frameTimeout', async () => {
    const timeout = { steps: 2, frameTimeout: 5 };
    await expect(
      run(
        pipe(
          usual,
          filter<Host>(() => false),
          delay(1e6),
        ),
        timeout,
      ),
    ).rejects.toThrow(/nothing asynchronous is pending|not within 5 ms/);
    await expect(run(pipe(usual, delay(1e6)), timeout)).rejects.toThrow(/not within 5 ms.*skipWhen/);
    expect(float64.live()).toBe(before);
  });

  it('is given its time by promises and timers', async () => {
    const slow: Pipeline = pipe(
      delay(1),
      concatMap((frame: Host) => from(Promise.resolve(frame))),
      usual,
      delay(1),
    );
    expect(await run(slow)).toEqual(await run(usual));
  });
});

describe('Pending', () => {
  const listing = (...lists: string[][]) => {
    const spy = vi.spyOn(process, 'getActiveResourcesInfo');
    for (const list of lists) spy.mockReturnValueOnce(list);
  };

  it('knows where quiet resources alone were there before', () => {
    listing(['PipeWrap'], ['PipeWrap']);
    expect(new Pending().nothing()).toBe(true);
    listing(['PipeWrap', 'CloseReq'], ['PipeWrap', 'Timeout']);
    expect(new Pending().nothing()).toBe(false);
    vi.restoreAllMocks();
  });

  it('does not know where other work was under way, or Node does not tell', () => {
    listing(['MessagePort'], ['MessagePort']);
    expect(new Pending().nothing()).toBe(false);
    listing(['Timeout'], []);
    expect(new Pending().nothing()).toBe(false);
    vi.restoreAllMocks();
    vi.stubGlobal('process', undefined);
    const foreign = new Pending();
    expect(foreign.nothing()).toBe(false);
    vi.unstubAllGlobals();
  });
});

describe('a macrotask', () => {
  it('comes in order, where there is no setImmediate too', async () => {
    vi.stubGlobal('setImmediate', undefined);
    vi.resetModules();
    const { macrotask } = await import('../../../streams/macrotask.js');
    vi.unstubAllGlobals();
    const order: number[] = [];
    await new Promise<void>((resolve) => {
      macrotask(() => order.push(1));
      macrotask(resolve);
      queueMicrotask(() => order.push(0));
    });
    expect(order).toEqual([0, 1]);
  });
});

describe('a frame that comes back wrongly', () => {
  const before = float64.live();

  it('is refused when it comes twice', async () => {
    const twice: Pipeline = mergeMap((frame) => of(frame, frame));
    const later: Pipeline = mergeMap((frame) => of(frame, frame).pipe(delay(0)));
    for (const doubling of [twice, later, pipe(delay<Host>(0), twice)]) {
      await expect(run(pipe(usual, doubling))).rejects.toThrow(
        /step 0 twice; every frame has to come out exactly once/,
      );
    }
    expect(float64.live()).toBe(before);
  });

  it('is refused when it is another', async () => {
    const another = map((frame) => ({ ...(frame as object) })) as Pipeline;
    await expect(run(pipe(usual, another))).rejects.toThrow('made another frame');
  });
});

describe('a pipeline that completes', () => {
  it('ends the run, with the frame it completed on where there is one', async () => {
    const seen = await run(pipe(usual, take(3)));
    expect(seen.map(({ outcome }) => outcome)).toEqual([undefined, undefined, 'stopped']);
    const none = await run(pipe(usual, take(0)));
    expect(none).toMatchObject([{ step: 0, outcome: 'stopped' }]);
  });
});

describe('batches that end', () => {
  it('end the run by a frame that takes no step', async () => {
    const three = s.batches(points(float64), { size: 4, seed: 1, epochs: 1 });
    const frames: [number, boolean, string | undefined][] = [];
    await all(
      s
        .train(hostFit, three, usual)
        .pipe(tap(({ step, stepped, outcome }) => void frames.push([step, stepped, outcome?.message]))),
    );
    expect(frames).toEqual([
      [0, true, undefined],
      [1, true, undefined],
      [2, true, undefined],
      [3, false, 'the batches are used up'],
    ]);
    expect(await all(s.train(hostFit, [] as Points<HostArray>[], usual))).toMatchObject([
      { outcome: 'budget' },
    ]);
  });

  it('are told apart from batches that fail', async () => {
    async function* failing() {
      yield points(float64).batch(Int32Array.of(1, 2));
      throw new Error('the file is cut off');
    }
    await expect(all(s.train(hostFit, failing(), usual))).rejects.toMatchObject({
      stage: 'batches',
      step: 1,
    });
    const broken: Iterable<Points<HostArray>> = {
      [Symbol.iterator]: () => ({
        next() {
          throw new Error('the file is cut off');
        },
      }),
    };
    await expect(all(s.train(hostFit, broken, usual))).rejects.toMatchObject({ stage: 'batches', step: 0 });
  });
});

describe('numbers', () => {
  const at = (problem: Partial<Problem<HostArray>>) => ({ ...fromFunction(rosenbrock(2)), ...problem });
  const gradientOf = (value: number, entry: number) => () => ({
    value: float64.fill([], value),
    gradient: float64.fill([2], entry),
  });

  it('that only overflow when squared are no trouble', async () => {
    const large = at({ valueAndGradient: gradientOf(1, 1e200) });
    const [only] = await all(
      s.train(large, s.withoutBatches(), pipe(s.gradient(), s.learningRate(1)), { steps: 1 }),
    );
    expect(only.outcome).toBe('budget');
    expect(only.gradientNorm).toBeCloseTo(Math.SQRT2 * 1e200, -190);
  });

  it.each([
    ['loss', gradientOf(Number.NaN, 1), 'gradient', 'the loss was NaN'],
    ['gradient', gradientOf(1, Number.NEGATIVE_INFINITY), 'gradient', 'gradient made a NaN or ∞'],
  ])('that are not finite in the %s are blamed on it', async (_, valueAndGradient, stage, message) => {
    const frames = s.train(
      at({ valueAndGradient }),
      s.withoutBatches(),
      pipe(s.gradient(), s.learningRate(1)),
    );
    let outcome: Host['outcome'];
    await all(frames.pipe(tap((frame) => (outcome = frame.outcome))));
    expect(outcome).toMatchObject({ kind: 'nonFinite', stage, step: 0 });
    expect(outcome!.message).toContain(message);
  });

  it('of a step that an operator ended are told, and its outcome is kept', async () => {
    const ends = s.lift({
      name: 'judge',
      options: {},
      init: () => null,
      update: ({ update }) => ({
        update,
        state: null,
        outcome: { kind: 'converged', message: 'flat enough' },
      }),
    });
    const seen = await run(pipe(s.gradient(), ends, s.learningRate(0.1)));
    expect(seen).toMatchObject([{ step: 0, outcome: 'converged' }]);
    expect(seen[0].gradientNorm).toBeGreaterThan(0);
    const start = await run(usual, { steps: 0 });
    expect(seen[0].x).toEqual(start[0].x);
  });

  it('that an operator complains of are blamed on the one before that made them', async () => {
    const nan = s.lift({
      name: 'culprit',
      options: {},
      init: () => null,
      update: ({ algebra, update }) => ({
        update: mapTree(algebra, (u) => algebra.mul(u, Number.NaN), update),
        state: null,
      }),
    });
    const complains = s.lift({
      name: 'messenger',
      options: {},
      init: () => null,
      update: ({ update }) => ({
        update,
        state: null,
        outcome: { kind: 'singular', message: 'cannot solve' },
      }),
    });
    let outcome: Host['outcome'];
    await all(
      s
        .train(hostFit, batches(), pipe(s.gradient(), nan, complains))
        .pipe(tap((frame) => (outcome = frame.outcome))),
    );
    expect(outcome).toMatchObject({ kind: 'nonFinite', stage: 'culprit', step: 0 });
  });
});

describe('a checkpoint', () => {
  const taken = async (pipeline: Pipeline = usual): Promise<s.Checkpoint> => {
    const found: s.Checkpoint[] = [];
    await all(
      s
        .train(hostFit, batches(), pipeline, { steps: 4 })
        .pipe(s.checkpoint({ every: 2 }, (at) => found.push(at))),
    );
    return found[0];
  };

  it('is refused by another pipeline, problem, arithmetic or order of data', async () => {
    const before = float64.live();
    const checkpoint = await taken();
    const other = (pipeline: Pipeline, message: string, options: Partial<s.Checkpoint> = {}) =>
      expect(run(pipeline, { steps: 9, checkpoint: { ...checkpoint, ...options } })).rejects.toThrow(message);
    await other(
      pipe(s.gradient(), s.momentum(0.9), s.learningRate(0.1)),
      'operator 2 of the pipeline was momentum {"beta":0.5} in the checkpoint, is momentum {"beta":0.9}',
    );
    await other(
      pipe(s.gradient(), s.momentum(0.5)),
      'operator 3 of the pipeline was learningRate {"rate":0.1}',
    );
    await other(pipe(usual, s.sign()), 'operator 4 of the pipeline was absent in the checkpoint, is sign {}');
    await other(usual, "a checkpoint of the problem 'lineFit', got 'circle'", { problem: 'circle' });
    await other(usual, "a checkpoint of the algebra 'float64', got 'tensors'", { algebra: 'tensors' });
    await other(usual, 'parameters like b [], w [], got w [2]', {
      parameters: { w: new SavedArray([2], new Float64Array(2)) },
    });
    await other(usual, 'expected a checkpoint of version 1, got 2', { version: 2 as 1 });
    await other(usual, 'expected a place with epoch, used, got null', { batches: null });
    expect(float64.live()).toBe(before);
  });

  it('holds what is inside skipWhen', async () => {
    const nested: Pipeline = pipe(
      s.gradient(),
      s.skipWhen(
        ({ step }) => step % 2 === 1,
        pipe(
          s.momentum(0.5),
          s.skipWhen(() => false, s.momentum(0.25)),
        ),
      ),
      s.learningRate(0.1),
    );
    const checkpoint = await taken(nested);
    expect(checkpoint.pipeline.map(({ name, inner = 0 }) => [name, inner])).toEqual([
      ['gradient', 0],
      ['skipWhen', 3],
      ['momentum', 0],
      ['skipWhen', 1],
      ['momentum', 0],
      ['learningRate', 0],
    ]);
    const whole = await run(nested, { steps: 6 });
    expect(await run(nested, { steps: 6, checkpoint })).toEqual(whole.slice(2));
  });

  it('is only to be had between steps', async () => {
    const inside = tap<Host>((frame) => void frame.checkpoint());
    await expect(run(pipe(usual, inside))).rejects.toThrow('expected a frame given out by train');
    let first: Host | undefined;
    await all(
      s.train(hostFit, batches(), usual, { steps: 3 }).pipe(
        tap((frame) => {
          first ??= frame;
          if (frame.step === 1) expect(() => first!.checkpoint()).toThrow('before the next one begins');
          expect(frame.checkpoint().step).toBe(frame.step + 1);
        }),
      ),
    );
  });

  it('is not to be had while the next batch is awaited', async () => {
    let first: Host | undefined;
    async function* asking() {
      yield points(float64).batch(Int32Array.of(1));
      expect(() => first!.checkpoint()).toThrow('before the next one begins');
    }
    const frames = s.train(hostFit, asking(), usual).pipe(tap((frame) => (first ??= frame)));
    expect((await all(frames)).map(({ outcome }) => outcome)).toEqual([undefined, 'budget']);
  });

  it('is not to be had of a step that failed', async () => {
    const spoils = s.lift({
      name: 'spoils',
      options: {},
      init: () => null,
      update: ({ algebra, update }) => ({
        update: mapTree(algebra, (u) => algebra.div(u, 0), update),
        state: null,
      }),
    });
    await all(
      s
        .train(hostFit, batches(), pipe(s.gradient(), spoils))
        .pipe(
          tap((frame) => expect(() => frame.checkpoint()).toThrow('only between two steps that went well')),
        ),
    );
  });
});

describe('options of train', () => {
  it.each([
    [{ steps: -1 }, 'train(steps): expected a whole number in [0, ∞), got -1'],
    [{ seed: 0.5 }, 'train(seed): expected a whole number in (-∞, ∞), got 0.5'],
    [{ frameTimeout: 0 }, 'train(frameTimeout): expected a number in (0, ∞), got 0'],
    [{ sliceMilliseconds: Number.NaN }, 'train(sliceMilliseconds): expected a number in (0, ∞), got NaN'],
    [{ stpes: 3 }, 'train(stpes): expected one of'],
  ])('%j is refused', (options, message) => {
    expect(() => s.train(hostFit, batches(), usual, options as never)).toThrow(message);
  });
});
