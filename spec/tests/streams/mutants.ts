import { expand, map, type Observable, of, share, take } from 'rxjs';
import { mapTree, type State } from '../../../src/index.js';
import type { Transform } from '../../../src/transforms/transform.js';
import type { TrainOptions } from '../../../streams/index.js';
import { honest, type Subject } from './laws.js';

/** The same subject with each transform changed before it is lifted. */
const changed = (change: (transform: Transform) => Transform): Subject => ({
  ...honest,
  lift: (transform) => honest.lift(change(transform)),
});

/** Keeps a count in a variable of the operator's own instead of the run's memory. */
export const stateInClosure = changed((transform) => {
  let count = 0;
  return {
    ...transform,
    update(context, state) {
      const { algebra } = context;
      const step = transform.update(context, state);
      count++;
      return { ...step, update: mapTree(algebra, (u) => algebra.mul(u, 1 + 1 / count), step.update) };
    },
  };
});

/** Begins anew with every frame. */
export const forgetful = changed((transform) => ({
  ...transform,
  update: (context, _) =>
    transform.update(context, transform.init(context.parameters, context.algebra) as State<never>),
}));

/** Keeps a copy of every update for ever. */
export const hoarding = changed((transform) => ({
  ...transform,
  init: () => [],
  update(context, state) {
    const { algebra, update } = context;
    const more = [...(state as readonly State<never>[]), mapTree(algebra, (u) => algebra.copy(u), update)];
    return { update, state: more as State<never> };
  },
}));

/** Turns what is not finite to zero. */
export const swallowing = changed((transform) => ({
  ...transform,
  update(context, state) {
    const { algebra } = context;
    const step = transform.update(context, state);
    const zero = (u: (typeof context)['loss']) =>
      algebra.number(algebra.finite(u)) === 1 ? u : algebra.fill(algebra.shape(u), 0);
    return { ...step, update: mapTree(algebra, zero, step.update) };
  },
}));

/** One run for all subscribers. */
export const hot: Subject = {
  ...honest,
  train: (...args) => honest.train(...args).pipe(share()),
};

/** Says nothing of where it happened. */
export const unlocated: Subject = {
  ...honest,
  train: (...args) =>
    honest.train(...args).pipe(
      map((frame) => {
        const { outcome } = frame;
        if (outcome?.stage) Object.assign(frame, { outcome: { ...outcome, stage: 'somewhere' } });
        return frame;
      }),
    ),
};

/** Keeps the parameters at which the loss was found not to be finite. */
export const keepingTheBad: Subject = {
  ...honest,
  train: (...args) =>
    honest.train(...args).pipe(
      map((frame) => {
        if (frame.outcome?.stage === 'gradient') Object.assign(frame, { nextParameters: frame.parameters });
        return frame;
      }),
    ),
};

/** Restores all but one field of a checkpoint. */
export const forgets = (field: 'random' | 'batches' | 'slots' | 'previous'): Subject => ({
  ...honest,
  train(problem, source, pipeline, options: TrainOptions = {}) {
    const { checkpoint } = options;
    if (checkpoint === undefined) return honest.train(problem, source, pipeline, options);
    const lost = { ...checkpoint };
    if (field === 'previous') Object.assign(lost, { previous: undefined });
    if (field === 'random') Object.assign(lost, { random: [1, 2, 3, 4] });
    if (field === 'slots') Object.assign(lost, { slots: [], pipeline: [] });
    if (field === 'batches') {
      const fresh = (source as ReturnType<Subject['batches']>).open();
      Object.assign(lost, { batches: fresh.state() });
    }
    return honest.train(problem, source, pipeline, { ...options, checkpoint: lost });
  },
});

/** Makes the next batch before it is asked for. */
export const ahead: Subject = {
  ...honest,
  batches: (examples, options) => ({
    open() {
      const cursor = honest.batches(examples, options).open();
      let next = cursor.next();
      const running: typeof cursor = {
        next: () => [next, (next = cursor.next())][0] as ReturnType<typeof cursor.next>,
        state: () => cursor.state(),
        restore: (place) => cursor.restore(place),
        release: (batch) => cursor.release(batch),
        close: () => cursor.close(),
      };
      return running;
    },
  }),
};

/** The textbook loop: each step's result is fed back as the next one's input. */
export const naiveExpand = (steps: number): Observable<number> =>
  of(0).pipe(
    expand((step) => of(step + 1)),
    take(steps),
  );
