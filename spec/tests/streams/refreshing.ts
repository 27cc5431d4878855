import * as fc from 'fast-check';
import {
  concatMap,
  from,
  lastValueFrom,
  type MonoTypeOperatorFunction,
  map,
  type Observable,
  pipe,
  tap,
  toArray,
} from 'rxjs';
import { expect } from 'vitest';
import {
  type Algebra,
  float64,
  type HostArray,
  inverses,
  type Problem,
  positiveDefiniteInverse,
  type Saved,
  type State,
  save,
  type Tree,
  type Work,
} from '../../../src/index.js';
import {
  type Asked,
  learningRate,
  type Refreshed,
  type RefreshedState,
  type Refreshing,
  refreshed,
  type Transform,
} from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { flat } from './plain-loop.js';

export type Host = s.Frame<HostArray>;
export type Pipeline = MonoTypeOperatorFunction<Host>;

/** Σ bᵢxᵢ² in any arithmetic. */
export function bowl<T>(algebra: Algebra<T>): Problem<T> {
  const scales = () => algebra.array([0.5, 1, 2], [3]);
  return {
    name: 'bowl',
    algebra,
    start: () => algebra.array([1, -2, 3], [3]),
    value: (x) => algebra.sum(algebra.mul(algebra.square(x as T), scales())),
    valueAndGradient: (x) => ({
      value: algebra.sum(algebra.mul(algebra.square(x as T), scales())),
      gradient: algebra.mul(algebra.mul(x as T, scales()), 2),
    }),
  };
}

/** Answers with what it was asked. */
const echo: Work = { name: 'echo', run: (request) => request };

export const problem = bowl(float64);

/** Asks at every so many updates with the update's number, and measures the number that was adopted last. */
export const stamping = (every: number): Refreshing => ({
  name: 'stamping',
  options: { every },
  measures: [
    { name: 'adopted', kind: 'number', meaning: 'the update that asked for what is used; −1 at first' },
  ],
  work: echo,
  init: () => ({ count: 0, adopted: -1 }),
  observe<T>(_: unknown, state: State<T>) {
    const { count, adopted } = state as { count: number; adopted: number };
    return { state: { count: count + 1, adopted }, request: count % every === 0 ? count : undefined };
  },
  adopt: <T>(_: unknown, state: State<T>, answer: State<T>) => ({
    state: { ...(state as { count: number }), adopted: answer as number },
  }),
  apply: ({ update }, state) => ({
    update,
    state,
    measures: { adopted: (state as { adopted: number }).adopted },
  }),
});

/** u ← (εI + Σ uuᵀ)⁻¹u, the inverse made anew at every so many updates: full-matrix Adagrad without its root. */
export const covariance = (every = 2): Refreshing => ({
  name: 'covariance',
  options: { every },
  work: inverses,
  init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => {
    const [n] = algebra.shape(parameters as T);
    const identity = algebra.array(identityOf(n), [n, n]);
    return { count: 0, sum: identity, inverse: identity };
  },
  observe<T>({ algebra, update }: { algebra: Algebra<T>; update: Tree<T> }, state: State<T>) {
    const { count, sum, inverse } = state as { count: number; sum: T; inverse: T };
    const [n] = algebra.shape(update as T);
    const column = algebra.reshape(update as T, [n, 1]);
    const next = algebra.add(sum, algebra.matmul(column, column, false, true));
    const request = count % every === 0 ? [next] : undefined;
    return { state: { count: count + 1, sum: next, inverse }, request };
  },
  adopt<T>(_: unknown, state: State<T>, answer: State<T>) {
    const [inverse] = answer as readonly (T | null)[];
    return { state: inverse === null ? state : { ...(state as { sum: T }), inverse } }; // else the last one serves
  },
  apply<T>({ algebra, update }: { algebra: Algebra<T>; update: Tree<T> }, state: State<T>) {
    const { inverse } = state as { inverse: T };
    const [n] = algebra.shape(update as T);
    const product = algebra.matmul(inverse, algebra.reshape(update as T, [n, 1]));
    return { update: algebra.reshape(product, [n]), state };
  },
});

/** The same, in one piece: nothing to put off. */
export const covarianceInOnePiece = (every = 2): Transform => ({
  name: 'covariance',
  options: { every },
  init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => {
    const [n] = algebra.shape(parameters as T);
    return { step: 0, sum: algebra.array(identityOf(n), [n, n]), inverse: algebra.fill([n, n], 0) };
  },
  update<T>({ algebra, update }: { algebra: Algebra<T>; update: Tree<T> }, state: State<T>) {
    let { step, sum, inverse } = state as { step: number; sum: T; inverse: T };
    const [n] = algebra.shape(update as T);
    const u = algebra.reshape(update as T, [n, 1]);
    sum = algebra.add(sum, algebra.matmul(u, u, false, true));
    if (step % every === 0) {
      const result = positiveDefiniteInverse(algebra.values(sum), n);
      if (result.kind === 'inverted') inverse = algebra.array(result.inverse, [n, n]);
    }
    const made = algebra.reshape(algebra.matmul(inverse, u), [n]);
    return { update: made, state: { step: step + 1, sum, inverse } };
  },
});

function identityOf(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}

/** The parameters and the measures after each step. */
export const path = (operator: Pipeline, options: s.TrainOptions = { steps: 9 }) =>
  lastValueFrom(
    s
      .train(
        problem,
        s.withoutBatches(),
        pipe(s.gradient(), operator, s.lift(learningRate(0.1)) as Pipeline),
        options,
      )
      .pipe(
        map((frame) => ({ x: flat(frame.nextParameters), measures: frame.measures })),
        toArray(),
      ),
  );

/** Does its works when `when` says so. */
export const workplace =
  (when: (answer: Promise<Saved>) => Promise<Saved>, works: readonly Work[] = [echo, inverses]) =>
  (): s.Workplace => ({
    work: (name, request) =>
      when(Promise.resolve(works.find((work) => work.name === name)!.run(structuredClone(request)))),
    close() {},
  });

/** What the laws are about: ours, or a wrong variant of it. */
export interface Subject {
  refreshed: typeof refreshed;
  inThread: typeof s.refreshInThread;
  restored(checkpoint: s.Checkpoint): s.Checkpoint;
}

export const honest: Subject = {
  refreshed,
  inThread: s.refreshInThread,
  restored: (checkpoint) => checkpoint,
};

const cases = [0, 1, 2, 3].flatMap((delay) => [1, 2, 3].map((every) => ({ delay, every })));

/** 88, in place: what is used at update k was asked for at k − s, the newest that there is. */
export async function delayIsExact({ refreshed }: Subject): Promise<void> {
  for (const { delay, every } of cases) {
    const seen = await path(s.lift(refreshed(stamping(every), delay)));
    seen.forEach(({ measures }, k) => {
      expect(measures.adopted).toBe(k < delay ? -1 : k - delay - ((k - delay) % every));
    });
  }
}

/** 88, in a thread: under every schedule the run is the one in place, which is exact; bitwise. */
export async function schedulesChangeNothing(subject: Subject): Promise<void> {
  const awake = setInterval(() => {}, 1); // keeps pending promises from being taken for lost frames
  try {
    for (const { delay, every } of cases) {
      for (const make of [stamping, covariance]) {
        const expected = await path(s.lift(refreshed(make(every), delay)));
        await fc.assert(
          fc.asyncProperty(fc.scheduler(), async (scheduler) => {
            const open = workplace((answer) => scheduler.schedule(answer));
            const running = path(subject.inThread(subject.refreshed(make(every), delay), open));
            expect(await scheduler.waitFor(running)).toEqual(expected);
          }),
          { numRuns: 3 },
        );
      }
    }
  } finally {
    clearInterval(awake);
  }
}

/** 68: a delay of 0 is the synchronous run, bitwise. */
export async function noDelayIsSynchronous({ refreshed, inThread }: Subject): Promise<void> {
  for (const every of [1, 2, 3]) {
    const expected = await path(s.lift(covarianceInOnePiece(every)));
    const transform = refreshed(covariance(every), 0);
    expect(await path(s.lift(transform))).toEqual(expected);
    expect(
      await path(
        inThread(
          transform,
          workplace((answer) => answer),
        ),
      ),
    ).toEqual(expected);
  }
}

/** 65, with requests that wait: they are in the checkpoint, whichever way they are answered before and after. */
export async function waitingRequestsContinue({ refreshed, inThread, restored }: Subject): Promise<void> {
  const transform = refreshed(covariance(2), 3);
  const place = s.lift(transform) as Pipeline;
  const thread = inThread(
    transform,
    workplace((answer) => answer),
  ) as Pipeline;
  for (const [before, after] of [
    [place, thread],
    [thread, place],
    [thread, thread],
  ]) {
    const checkpoints: s.Checkpoint[] = [];
    const collecting: Pipeline = (frames) => before(frames);
    const whole = await lastValueFrom(
      s
        .train(
          problem,
          s.withoutBatches(),
          pipe(s.gradient(), collecting, s.lift(learningRate(0.1)) as Pipeline),
          { steps: 9 },
        )
        .pipe(
          tap((frame) => void checkpoints.push(frame.checkpoint())),
          map((frame) => ({ x: flat(frame.nextParameters), measures: frame.measures })),
          toArray(),
        ),
    );
    for (const k of [0, 1, 4, 5]) {
      const checkpoint = restored(checkpoints[k]);
      expect(await path(after, { steps: 9, checkpoint })).toEqual(whole.slice(k + 1));
    }
  }
}

/** Adopts one update late. */
export const late: Subject = {
  ...honest,
  refreshed: (refreshing, delay = 0) => refreshed(refreshing, delay + 1),
};

/** Adopts at once. */
export const early: Subject = { ...honest, refreshed: (refreshing) => refreshed(refreshing, 0) };

/** Adopts an answer when it has arrived, not when it is due. */
export const onArrival: Subject = {
  ...honest,
  inThread: (transform, open) => arriving(transform, open),
};

function arriving(
  { name, options, measures, ...transform }: Refreshed,
  open: () => s.Workplace,
): s.FrameOperator {
  const place = open();
  const arrived = new Map<string, Saved>();
  return <T>(source: Observable<s.Frame<T>>) =>
    source.pipe(
      concatMap((frame) => {
        const slot = frame.slot(name, (x, algebra) => transform.init(x, algebra), options, measures);
        const { asked, count, ...rest } = slot.state as RefreshedState<T>;
        const key = ({ request }: Asked<T>) => JSON.stringify(save(frame.algebra, request));
        const there = asked[0] !== undefined && arrived.has(key(asked[0]));
        const due = (at: number, i: number) => (i === 0 && there ? count : Math.max(at, count + 1));
        slot.state = { ...rest, count, asked: asked.map((one, i) => ({ ...one, due: due(one.due, i) })) };
        frame.perform(slot, (_, state) =>
          transform.updateBy(frame, state as RefreshedState<T>, (one) => arrived.get(key(one))!),
        );
        for (const one of (slot.state as RefreshedState<T>).asked) {
          void place
            .work(transform.work.name, save(frame.algebra, one.request))
            .then((answer) => arrived.set(key(one), answer));
        }
        return from(Promise.resolve(frame));
      }),
    );
}

/** Forgets, in a checkpoint, what was asked for. */
export const forgetting: Subject = {
  ...honest,
  restored: (checkpoint) => ({
    ...checkpoint,
    slots: checkpoint.slots.map((slot) =>
      slot !== null && typeof slot === 'object' && 'asked' in slot ? { ...slot, asked: [] } : slot,
    ),
  }),
};
