import * as fc from 'fast-check';
import {
  concatMap,
  from,
  lastValueFrom,
  type MonoTypeOperatorFunction,
  map,
  mergeMap,
  type Observable,
  pipe,
  take,
  tap,
  toArray,
} from 'rxjs';
import { expect } from 'vitest';
import { float64, type HostArray, mapTree, type Outcome, poisoning } from '../../../src/index.js';
import {
  chain as chained,
  momentum as pureMomentum,
  learningRate as pureRate,
  scaleByMoments,
} from '../../../src/transforms/index.js';
import type { Transform } from '../../../src/transforms/transform.js';
import * as streams from '../../../streams/index.js';
import { hostFit, lineFit, type Points, points } from './line-fit.js';
import { flat, plainLoop } from './plain-loop.js';

/** What the laws are about: this library's own, or a wrong variant of it. */
export interface Subject {
  train: typeof streams.train;
  lift: typeof streams.lift;
  batches: typeof streams.batches;
}

export const honest: Subject = { train: streams.train, lift: streams.lift, batches: streams.batches };

type Host = streams.Frame<HostArray>;
type Pipeline = MonoTypeOperatorFunction<Host>;

/** What is compared bitwise: all that a frame says in numbers, time aside. */
export interface Said {
  step: number;
  loss: number;
  gradientNorm: number;
  updateNorm: number;
  x: Float64Array;
  evaluations: number;
  outcome: string | undefined;
}

export const said = (frame: Host): Said => ({
  step: frame.step,
  loss: frame.lossValue,
  gradientNorm: frame.gradientNorm,
  updateNorm: frame.updateNorm,
  x: flat(frame.nextParameters),
  evaluations: frame.evaluations,
  outcome: frame.outcome?.kind,
});

export const all = (frames: Observable<Host>): Promise<Said[]> =>
  lastValueFrom(frames.pipe(map(said), toArray()));

export const source = (subject: Subject, seed = 5) => subject.batches(points(float64), { size: 3, seed });

const parts = (): Transform[] => [scaleByMoments(), pureMomentum(0.5), pureRate(0.1)];

function pipeline(subject: Subject, transforms = parts()): Pipeline {
  const operators = transforms.map((part) => subject.lift(part) as Pipeline);
  return (frames) => operators.reduce((stream, operator) => operator(stream), streams.gradient()(frames));
}

/** 61: a pipeline of lifted transforms equals `chain` of them in a plain loop, however it is bracketed. */
export async function liftedIsChain(subject: Subject): Promise<void> {
  const steps = 12;
  const [a, b, c] = parts();
  const cursor = streams.batches(points(float64), { size: 3, seed: 5 }).open();
  const drawn = Array.from({ length: steps }, () => cursor.next() as Points<HostArray>);
  const expected = plainLoop(hostFit, (step) => drawn[step], chained(a, b, c), steps, 9);
  for (const batch of drawn) cursor.release(batch);
  for (const bracketed of [
    [a, b, c],
    [chained(a, b), c],
    [a, chained(b, c), chained()],
  ]) {
    const frames = subject.train(hostFit, source(subject), pipeline(subject, bracketed), { seed: 9, steps });
    const path = await all(frames);
    expect(path.map(({ x }) => x)).toEqual(expected.parameters.slice(1));
    expect(path.map(({ loss }) => loss)).toEqual(expected.losses);
  }
}

/** 63: two subscriptions to one cold stream are equal and share nothing, the second begun in the midst of the first. */
export async function coldSubscriptionsAreEqual(subject: Subject): Promise<void> {
  const frames = subject.train(hostFit, source(subject), pipeline(subject), {
    steps: 20,
    sliceMilliseconds: 1e-6, // a step a slice, so that the two runs take turns
  });
  let second: Promise<Said[]> | undefined;
  const first = await all(
    frames.pipe(
      tap(({ step }) => {
        if (step === 7) second = all(frames);
      }),
    ),
  );
  expect(first.length).toBe(20);
  expect(await second).toEqual(first);
}

/** 64: the order in which asynchronous work comes back changes nothing. */
export async function schedulingChangesNothing(subject: Subject): Promise<void> {
  const shared = pipeline(subject);
  const run = (work: (frame: Host) => Promise<unknown>, seed: number) => {
    const slow: Pipeline = (frames) =>
      shared(frames.pipe(concatMap((frame) => work(frame).then(() => frame))));
    return all(subject.train(hostFit, source(subject), slow, { seed, steps: 5 }));
  };
  const seeds = [1, 2, 3];
  const alone = await Promise.all(seeds.map((seed) => run(async () => null, seed)));
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const awake = setInterval(() => {}, 1); // keeps pending promises from being taken for lost frames
      try {
        const runs = seeds.map((seed) =>
          run(({ step }) => scheduler.schedule(Promise.resolve(step), `seed ${seed}`), seed),
        );
        expect(await scheduler.waitFor(Promise.all(runs))).toEqual(alone);
      } finally {
        clearInterval(awake);
      }
    }),
    { numRuns: 10 },
  );
}

/** 65: a checkpoint at any step, through JSON, goes on bitwise. */
export async function checkpointsContinue(subject: Subject): Promise<void> {
  const steps = 12;
  const make = (replacement: boolean, checkpoint?: streams.Checkpoint) => {
    const data = subject.batches(points(float64), { size: 5, seed: 3, replacement });
    const noisy: Pipeline = (frames) =>
      pipeline(subject, [noise, ...parts()])(frames).pipe(
        streams.evaluate({ every: 3 }),
        streams.stopEarly({ patience: 100, of: 'loss' }),
      );
    return subject.train(hostFit, data, noisy, { seed: 4, steps, checkpoint });
  };
  for (const replacement of [false, true]) {
    const checkpoints: streams.Checkpoint[] = [];
    const whole = await all(
      make(replacement).pipe(streams.checkpoint({ every: 1 }, (at) => checkpoints.push(at))),
    );
    expect(checkpoints.length).toBe(steps);
    for (const k of [0, 3, 7, 10]) {
      expect(await all(make(replacement, structured(checkpoints[k])))).toEqual(whole.slice(k + 1));
    }
  }
}

/** A copy that shares nothing with the original. */
const structured = (checkpoint: streams.Checkpoint): streams.Checkpoint => {
  const copy = (value: unknown): unknown => {
    if (value instanceof Float64Array) return value.slice();
    if (Array.isArray(value)) return value.map(copy);
    if (value === null || typeof value !== 'object') return value;
    const fields = Object.entries(value).map(([key, child]) => [key, copy(child)]);
    return Object.assign(Object.create(Object.getPrototypeOf(value)), Object.fromEntries(fields));
  };
  return copy(checkpoint) as streams.Checkpoint;
};

/** Adds random numbers, so that their stream has to go on rightly too. */
const noise: Transform = {
  name: 'noise',
  options: {},
  init: () => null,
  update: ({ algebra, update, random }) => ({
    update: mapTree(algebra, (u) => algebra.add(u, random.normal() / 8), update),
    state: null,
  }),
};

/** 66: unsubscribed at any frame, everything is given back, once; a late read of it throws. */
export async function unsubscribingFrees(subject: Subject): Promise<void> {
  const before = float64.live();
  for (let count = 1; count <= 6; count++) {
    for (const asynchronous of [false, true]) {
      const strict = poisoning(float64);
      const examples = points(strict);
      const through: Pipeline = asynchronous
        ? pipe(
            mergeMap((frame) => from(Promise.resolve(frame))),
            pipeline(subject),
          )
        : pipeline(subject);
      await lastValueFrom(
        subject
          .train(lineFit(strict), subject.batches(examples, { size: 3, seed: 1 }), through)
          .pipe(take(count)),
      );
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(examples.alive).toBe(0);
      strict.drain();
    }
  }
  expect(float64.live()).toBe(before);
}

/** 66, unsubscribed while an operator computes: it ends its work, and then everything is given back. */
export async function unsubscribingInsideFrees(subject: Subject): Promise<void> {
  const before = float64.live();
  for (const stage of [0, 1, 2, 3]) {
    for (const step of [0, 2]) {
      const strict = poisoning(float64);
      const examples = points(strict);
      let seen = 0;
      let leave = () => {};
      const leaving: Transform = {
        name: 'leaving',
        options: {},
        init: () => null,
        update({ algebra, update, step: now }) {
          if (now === step) leave();
          return { update: mapTree(algebra, (u) => algebra.mul(u, 2), update), state: null };
        },
      };
      const transforms = parts();
      transforms.splice(stage, 0, leaving);
      await new Promise<void>((resolve) => {
        const subscription = subject
          .train(
            lineFit(strict),
            subject.batches(examples, { size: 3, seed: 1 }),
            pipeline(subject, transforms),
          )
          .subscribe(() => seen++);
        leave = () => {
          subscription.unsubscribe();
          setTimeout(resolve, 2);
        };
      });
      expect(seen).toBe(step);
      expect(examples.alive).toBe(0);
      strict.drain();
      expect(float64.live()).toBe(before);
    }
  }
}

/** 67: as many arrays are alive after each step as after the first. */
export async function liveArraysStayConstant(subject: Subject): Promise<void> {
  const counts = await lastValueFrom(
    subject.train(hostFit, source(subject), pipeline(subject), { steps: 50 }).pipe(
      map(() => float64.live()),
      toArray(),
    ),
  );
  expect(new Set(counts).size).toBe(1);
}

/** 68: one frame in flight, and a batch is made only when the step before is over. */
export async function oneFrameInFlight(subject: Subject): Promise<void> {
  const examples = points(float64);
  let inFlight = 0;
  let steps = 0;
  const slow: Pipeline = (frames) =>
    pipeline(subject)(
      frames.pipe(
        mergeMap(async (frame) => {
          inFlight++;
          expect(inFlight).toBe(1);
          for (let i = 0; i < frame.step % 4; i++) await null;
          expect(inFlight).toBe(1);
          return frame;
        }),
      ),
    );
  await lastValueFrom(
    subject.train(hostFit, subject.batches(examples, { size: 3, seed: 1 }), slow, { steps: 20 }).pipe(
      tap(() => {
        inFlight--;
        steps++;
        expect(examples.made).toBe(steps);
        expect(examples.alive).toBe(1);
      }),
    ),
  );
}

/** 69: trouble at stage i, step j is told once, with both, and nothing follows; the parameters are the last good ones. */
export async function troubleIsLocated(subject: Subject): Promise<void> {
  const names = ['first', 'second', 'third'];
  const kinds = [Number.NaN, Number.POSITIVE_INFINITY, 'throw', 'reject'] as const;
  const good = await all(subject.train(hostFit, source(subject), pipeline(subject, healthy()), { steps: 6 }));
  for (const kind of kinds) {
    for (let stage = 0; stage < names.length; stage++) {
      for (const step of [0, 3]) {
        const transforms = healthy().map((part, i) => failing(part, names[i], i === stage ? step : -1, kind));
        let through = pipeline(subject, transforms);
        if (kind === 'reject') {
          const rejecting: Pipeline = mergeMap(async (frame) => {
            if (frame.step === step) throw new Error('broken');
            return frame;
          });
          const lifts = transforms.map((part) => subject.lift(part) as Pipeline);
          lifts.splice(stage + 1, 0, rejecting);
          through = (frames) => lifts.reduce((stream, part) => part(stream), streams.gradient()(frames));
        }
        const seen: Said[] = [];
        const events: string[] = [];
        let error: unknown;
        let outcome: Outcome | undefined;
        await new Promise<void>((resolve) => {
          subject.train(hostFit, source(subject), through, { steps: 6 }).subscribe({
            next: (frame) => {
              seen.push(said(frame));
              outcome = frame.outcome;
              events.push('next');
            },
            error: (cause) => {
              error = cause;
              events.push('error');
              setTimeout(resolve, 1);
            },
            complete: () => {
              events.push('complete');
              setTimeout(resolve, 1);
            },
          });
        });
        const thrown = typeof kind === 'string';
        expect(events.slice(0, step)).toEqual(Array(step).fill('next'));
        expect(events.slice(step)).toEqual(thrown ? ['error'] : ['next', 'complete']);
        expect(seen.slice(0, step)).toEqual(good.slice(0, step));
        if (thrown) {
          expect(error).toBeInstanceOf(streams.StageError);
          expect(error).toMatchObject({ stage: names[stage], step, cause: { message: 'broken' } });
        } else {
          expect(outcome).toMatchObject({ kind: 'nonFinite', stage: names[stage], step });
          if (step > 0) expect(seen[step].x).toEqual(good[step - 1].x);
        }
      }
    }
  }
}

/** 69, for a loss that is not finite: what is kept are the last parameters with a finite loss, after a restore too. */
export async function lossTroubleGoesBack(subject: Subject): Promise<void> {
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY]) {
    for (const step of [0, 1, 4]) {
      const at = (k: number): typeof hostFit => {
        let evaluation = k;
        return {
          ...hostFit,
          valueAndGradient(parameters, batch) {
            const made = hostFit.valueAndGradient(parameters, batch);
            return evaluation++ === step ? { ...made, value: float64.fill([], loss) } : made;
          },
        };
      };
      const checkpoints: streams.Checkpoint[] = [];
      const whole: Said[] = [];
      const starts: Float64Array[] = [];
      const before = float64.live();
      await lastValueFrom(
        subject.train(at(0), source(subject), pipeline(subject), { steps: 9 }).pipe(
          tap((frame) => {
            whole.push(said(frame));
            if (frame.step === 0) starts.push(flat(frame.parameters));
            if (frame.stepped) checkpoints.push(frame.checkpoint());
          }),
        ),
      );
      expect(float64.live()).toBe(before);
      const last = whole[step];
      expect(whole.length).toBe(step + 1);
      expect(last).toMatchObject({ step, loss, outcome: 'nonFinite' });
      expect(last.x).toEqual([...starts, ...starts, ...whole.map(({ x }) => x)][step]);
      if (step === 0) continue;
      const checkpoint = structured(checkpoints[step - 1]);
      const resumed = subject.train(at(step), source(subject), pipeline(subject), { steps: 9, checkpoint });
      expect(await all(resumed)).toEqual([last]);
      expect(float64.live()).toBe(before);
    }
  }
}

const healthy = (): Transform[] => [pureMomentum(0.5), pureRate(0.5), pureRate(0.5)];

function failing(part: Transform, name: string, at: number, how: number | 'throw' | 'reject'): Transform {
  return {
    ...part,
    name,
    update(context, state) {
      if (context.step !== at || how === 'reject') return part.update(context, state);
      if (how === 'throw') throw new Error('broken');
      const { algebra } = context;
      const spoil = (x: (typeof context)['loss']) => algebra.fill(algebra.shape(x), how);
      const { w, b } = context.update as unknown as Record<string, (typeof context)['loss']>;
      return { update: { w, b: spoil(b) }, state };
    },
  };
}

/** 71: so many synchronous steps complete. */
export async function manyStepsComplete(
  train: (steps: number) => Observable<unknown>,
  steps: number,
): Promise<void> {
  let count = 0;
  let end = '';
  train(steps).subscribe({
    next: () => count++,
    error: () => (end = 'error'),
    complete: () => (end = 'complete'),
  });
  // Silence is a thousand turns of the event loop without a frame.
  for (let turns = 0, before = -1; end === '' && turns < 1_000; turns++) {
    if (count !== before) turns = 0;
    before = count;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([end, count]).toEqual(['complete', steps]);
}
