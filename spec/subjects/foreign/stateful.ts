import { claims as ourClaims, universal } from '../claims.js';
import { flat, shaped } from '../point.js';
import type { Moment, Optimizer, OptimizerSubject } from '../subject.js';
import { Misbehaviour } from './misbehaviour.js';
import { mustAgree } from './plain.js';

/** An optimizer that keeps its state to itself, at work on one list of arrays. */
export interface Running {
  /** The parameters after one step from x. */
  step(x: Float64Array, gradient: Float64Array): Float64Array;
  dispose?(): void;
}

export interface StatefulDescription {
  readonly name: string;
  /** The method it says it is. */
  readonly claims?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly epsilon: number;
  /** Whether `start` minds options: laws then choose them. */
  readonly anyOptions?: boolean;
  /** A fresh instance at these parameters. */
  start(
    x: Float64Array,
    shapes: readonly (readonly number[])[],
    options: Readonly<Record<string, unknown>>,
  ): Running;
}

/**
 * An optimizer that keeps its state to itself as a subject of the laws. Its state is, to the laws, how many steps it
 * has made; asked to go on from an earlier one, a fresh instance repeats the steps until there. What U5 asks, to
 * continue from a state that was saved, cannot be asked of it.
 *
 * @param defaults of the method it claims to be, for the options it does not state
 */
export function statefulSubject(described: StatefulDescription, defaults: object = {}): OptimizerSubject {
  const { name, claims: method = 'stranger', epsilon, anyOptions = false } = described;
  const fixed = anyOptions ? undefined : { ...defaults, ...described.options };
  const alive = new Set<Running>();
  return {
    kind: 'optimizer',
    name,
    method,
    epsilon,
    claims: [...(ourClaims[method] ?? universal), ...(method in ourClaims ? ['A'] : [])].filter(
      (law) => law !== 'U5',
    ),
    fixed,
    answersPoints: true,
    create(options) {
      if (fixed !== undefined) mustAgree(fixed, options);
      return replaying((x, shapes) => {
        const running = described.start(x, shapes, options as Record<string, unknown>);
        alive.add(running);
        return running;
      });
    },
    scope(body) {
      try {
        return body();
      } finally {
        for (const running of alive) running.dispose?.();
        alive.clear();
      }
    },
  };
}

/** One run's past, and the instance that has made it. */
interface Past {
  readonly start: Moment['parameters'];
  readonly moments: readonly Moment[];
  running: Running;
  made: number;
}

function replaying(start: (x: Float64Array, shapes: readonly (readonly number[])[]) => Running): Optimizer {
  const begin = (at: Past['start']) =>
    start(
      flat(at),
      at.map(({ shape }) => shape),
    );
  const onward = (past: Past): Running => {
    if (past.made === past.moments.length) return past.running;
    const running = begin(past.start);
    for (const { parameters, gradient } of past.moments) running.step(flat(parameters), flat(gradient));
    return running;
  };
  return {
    init: (parameters): Past => ({ start: parameters, moments: [], running: begin(parameters), made: 0 }),
    step(state, moment) {
      const past = state as Past;
      const running = onward(past);
      const [x, gradient] = [flat(moment.parameters), flat(moment.gradient)];
      const after = running.step(x, gradient);
      past.made = past.moments.length + 1; // from now on it belongs to the state that follows
      const odd = after.findIndex((entry) => !Number.isFinite(entry));
      if (odd >= 0) {
        throw new Misbehaviour(
          `step: finite numbers became ${after[odd]} in x[${odd}] for gradient = [${flat(moment.gradient)}]`,
        );
      }
      const before = flat(moment.parameters);
      return {
        update: shaped(
          moment.parameters,
          after.map((entry, i) => entry - before[i]),
        ),
        point: shaped(moment.parameters, after),
        state: {
          ...past,
          moments: [...past.moments, moment],
          running,
          made: past.moments.length + 1,
        } satisfies Past,
      };
    },
    save: (state) => (state as Past).moments.length,
    restore: (saved) => saved,
  };
}
