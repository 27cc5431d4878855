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
 * brackets, and `chain()` is neutral. The state is the list of the parts' states. A part that ends the run by
 * an outcome is the last one asked; the outcome names it.
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
      const passed = { ...context }; // one copy for all parts: a copy for each costs more than a step at n = 10
      const next = states.slice();
      for (let i = 0; i < parts.length; i++) {
        const { update, state, outcome } = parts[i].update(passed, states[i]);
        next[i] = state;
        passed.update = update;
        if (outcome !== undefined) {
          return { update, state: next, outcome: { stage: parts[i].name, step: context.step, ...outcome } };
        }
      }
      return { update: passed.update, state: next };
    },
  };
}

export function isChain(transform: Transform): transform is Chain {
  return 'parts' in transform;
}
