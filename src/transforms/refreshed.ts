import type { Algebra } from '../algebra/algebra.js';
import { wholeNumber } from '../algebra/argument.js';
import { restore, type Saved, save } from '../algebra/saved.js';
import type { State, Tree } from '../algebra/tree.js';
import type { Work } from '../algebra/work.js';
import type { Outcome } from '../objective/outcome.js';
import type { Context, Step, Transform } from './transform.js';

/**
 * A transform of which one part takes long and is made anew only now and then: an inverse root, an eigenbasis.
 * That part is a {@link Work} on plain data, so that it can be done beside the steps.
 */
export interface Refreshing extends Omit<Transform, 'update'> {
  readonly work: Work;
  /** Takes in what the step brings, and asks for the work where it is due: `request` is handed to it as plain data. */
  observe<T>(
    context: Context<T>,
    state: State<T>,
  ): { readonly state: State<T>; readonly request?: State<T> | undefined };
  /** Takes the answer to a request, in the arithmetic of the run. */
  adopt<T>(
    context: Context<T>,
    state: State<T>,
    answer: State<T>,
  ): { readonly state: State<T>; readonly outcome?: Outcome };
  /** The update, by what was adopted last. */
  apply<T>(context: Context<T>, state: State<T>): Step<T>;
}

/** A request that waits for the step at which its answer is adopted. */
export type Asked<T> = { readonly due: number; readonly request: State<T> };

/** What a state tells of the requests that wait. */
export type Waiting<T> = {
  /** The updates made. */
  readonly count: number;
  /** In order of `due`. */
  readonly asked: readonly Asked<T>[];
};

export type RefreshedState<T> = Waiting<T> & { readonly own: State<T> };

/** A transform whose long work a pipeline can have done by another thread, such as a {@link refreshed} one. */
export interface Refreshed extends Transform {
  readonly work: Work;
  readonly delay: number;
  init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> & Waiting<T>;
  /** `update`, with the request whose answer is due answered by `answer`. */
  updateBy<T>(
    context: Context<T>,
    state: State<T> & Waiting<T>,
    answer: (asked: Asked<T>) => Saved,
  ): Step<T> & { readonly state: State<T> & Waiting<T> };
}

/**
 * A refreshing transform as a transform: what is asked for at its update k is adopted at its update k + s exactly,
 * s ≥ 0 the delay, after that update was observed and before it is applied. With s = 0 nothing is ever old.
 *
 * The work is done when its answer is adopted; in a pipeline it can be done in a thread from the moment on that it is
 * asked for (see `refreshInThread` of fluxion/streams), and the run is bitwise the same.
 *
 * State: `count`, the updates made; `own`, the state of what refreshes; `asked`, the requests that wait, at most one
 * for each update between k and k + s. So a checkpoint holds what is still to be answered.
 *
 * @throws RangeError unless the delay is a whole number in [0, ∞)
 * @example
 * // Passes on the update of two steps before, by work that could take long.
 * const slow = {
 *   name: 'slow',
 *   options: {},
 *   work: { name: 'copy', run: (update) => update },
 *   init: (parameters) => parameters,
 *   observe: ({ update }, state) => ({ state, request: update }),
 *   adopt: (context, state, answer) => ({ state: answer }),
 *   apply: (context, state) => ({ update: state, state }),
 * };
 * chain(refreshed(slow, 2), learningRate(0.1));
 */
export function refreshed(refreshing: Refreshing, delay = 0): Refreshed {
  const { name, options, measures, needs, work } = refreshing;
  wholeNumber(name, 'delay', delay, '[0, ∞)');
  return refreshedBy({
    name,
    options: { ...options, delay },
    ...(measures && { measures }),
    ...(needs && { needs }),
    work,
    delay,
    init: (parameters, algebra) => ({ count: 0, own: refreshing.init(parameters, algebra), asked: [] }),
    updateBy<T>(context: Context<T>, given: State<T>, answer: (asked: Asked<T>) => Saved) {
      const { count, own, asked } = given as RefreshedState<T>;
      const seen = refreshing.observe(context, own);
      const { request } = seen;
      const queue = request === undefined ? asked : [...asked, { due: count + delay, request }];
      const [first, ...rest] = queue;
      if (first === undefined || first.due > count) {
        const step = refreshing.apply(context, seen.state);
        return { ...step, state: { count: count + 1, own: step.state, asked: queue } };
      }
      const fresh = restore(context.algebra, answer(first));
      const { state, outcome } = refreshing.adopt(context, seen.state, fresh);
      if (outcome !== undefined) {
        const { update } = context;
        return { update, state: { count: count + 1, own: state, asked: rest }, outcome };
      }
      const step = refreshing.apply(context, state);
      return { ...step, state: { count: count + 1, own: step.state, asked: rest } };
    },
  });
}

/** The transform whose long work is done, where no pipeline has it done before, when its answer is due. */
export function refreshedBy(
  own: Omit<Transform, 'update'> & Pick<Refreshed, 'work' | 'delay'> & Answered,
): Refreshed {
  const { work, updateBy } = own;
  const update = <T>(context: Context<T>, state: State<T>) =>
    updateBy(context, state, ({ request }) => work.run(save(context.algebra, request)));
  return { ...own, update } as Refreshed;
}

interface Answered {
  updateBy<T>(context: Context<T>, state: State<T>, answer: (asked: Asked<T>) => Saved): Step<T>;
}

/** Whether a transform's long work can be done in a thread. */
export function isRefreshed(transform: Transform): transform is Refreshed {
  return 'updateBy' in transform;
}
