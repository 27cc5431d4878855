import type { Algebra } from '../algebra/algebra.js';
import { named } from '../algebra/nearest-name.js';
import type { State, Tree } from '../algebra/tree.js';
import type { Outcome } from '../objective/outcome.js';
import { part, replaced } from './part.js';
import type { Context, Step, Transform } from './transform.js';

/**
 * Gives each group of parameters a transform of its own: `groupOf(path)` names the group.
 *
 * What holds inside a mask (see {@link masked}) holds inside a group: a flat record, norms over the group
 * alone, no `problem`.
 *
 * State: a record from the group's name to its transform's state.
 *
 * @throws RangeError, at `init`, where a path is given to a group that does not exist
 * @example
 * grouped((path) => (path.endsWith('bias') ? 'bias' : 'kernel'), {
 *   kernel: chain(momentum(0.9), learningRate(0.1)),
 *   bias: learningRate(0.2),
 * })
 */
export function grouped(
  groupOf: (path: string) => string,
  groups: { readonly [name: string]: Transform },
): Transform {
  const table = new Map(Object.entries(groups));
  const members = (name: string) => (path: string) => groupOf(path) === name;
  return {
    name: 'grouped',
    options: {
      by: groupOf.name || 'function',
      groups: Object.fromEntries([...table].map(([group, { name, options }]) => [group, { name, options }])),
    },
    init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> {
      part(algebra, parameters, (path) => named(`grouped(${path})`, groupOf(path), table) !== undefined);
      const states: { [name: string]: State<T> } = {};
      for (const [name, transform] of table) {
        states[name] = transform.init(part(algebra, parameters, members(name)), algebra);
      }
      return states;
    },
    update<T>(context: Context<T>, states: { readonly [name: string]: State<T> }): Step<T> {
      const { algebra } = context;
      const next: { [name: string]: State<T> } = {};
      let update = context.update;
      let trouble: Outcome | undefined;
      for (const [name, transform] of table) {
        const step = transform.update(
          {
            ...context,
            update: part(algebra, context.update, members(name)),
            gradient: part(algebra, context.gradient, members(name)),
            parameters: part(algebra, context.parameters, members(name)),
            problem: undefined,
          },
          states[name],
        );
        next[name] = step.state;
        update = replaced(algebra, update, step.update);
        trouble ??= step.outcome;
      }
      return trouble === undefined ? { update, state: next } : { update, state: next, outcome: trouble };
    },
  };
}
