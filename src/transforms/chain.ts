import type { State } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

/** A transform made of others, one after the other. */
export interface Chain extends Transform {
  readonly parts: readonly Transform[];
}

/**
 * Feeds each transform's update to the next: u ← tₙ(… t₂(t₁(u))).
 *
 * Composition is associative: chains inside a chain are flattened, so outputs and state do not depend on the
 * brackets, and `chain()` is neutral. The state is the list of the parts' states.
 *
 * @example chain(clipByNorm(1), momentum(0.9), learningRate(0.1))
 */
export function chain(...transforms: readonly Transform[]): Chain {
  const parts = transforms.flatMap((part) => (isChain(part) ? part.parts : [part]));
  return {
    name: 'chain',
    options: { parts: parts.map(({ name, options }) => ({ name, options })) },
    parts,
    init: (parameters, algebra) => parts.map((part) => part.init(parameters, algebra)),
    update<T>(context: Context<T>, states: readonly State<T>[]): Step<T> {
      let update = context.update;
      const next = parts.map((part, i) => {
        const step = part.update({ ...context, update }, states[i]);
        update = step.update;
        return step.state;
      });
      return { update, state: next };
    },
  };
}

export function isChain(transform: Transform): transform is Chain {
  return 'parts' in transform;
}
