import type { Algebra } from '../algebra/algebra.js';
import { named } from '../algebra/nearest-name.js';
import { part, replaced } from '../algebra/part.js';
import type { State, Tree } from '../algebra/tree.js';
import { copyMeasures, type Measure, type MeasureDescription } from '../objective/measure.js';
import type { Outcome } from '../objective/outcome.js';
import { restrictedContext } from './restricted-context.js';
import type { Context, Step, Transform } from './transform.js';

/**
 * Gives each group of parameters a transform of its own: `groupOf(path, shape)` names the group.
 *
 * What holds inside a mask (see {@link masked}) holds inside a group: a flat record, norms over the group
 * alone, an objective that is a function of the group. A measure that several groups report is called `group/name`
 * in each of them.
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
  groupOf: (path: string, shape: readonly number[]) => string,
  groups: { readonly [name: string]: Transform },
): Transform {
  const table = new Map(Object.entries(groups));
  const members = (name: string) => (path: string, shape: readonly number[]) => groupOf(path, shape) === name;
  const given = groupMeasures(table);
  const measures = [...given.values()].flat();
  const routed = [...table].filter(([, { routes }]) => routes !== undefined);
  return {
    name: 'grouped',
    options: {
      by: groupOf.name || 'function',
      groups: Object.fromEntries([...table].map(([group, { name, options }]) => [group, { name, options }])),
    },
    ...(measures.length > 0 && { measures }),
    needs: [...new Set(Object.values(groups).flatMap(({ needs = [] }) => needs))],
    ...(routed.length > 0 && {
      routes: <T>(context: Context<T>) =>
        routed.flatMap(([name, group]) => group.routes!(restrictedContext(context, members(name)))),
    }),
    init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> {
      part(
        algebra,
        parameters,
        (path, shape) => named(`grouped(${path})`, groupOf(path, shape), table) !== undefined,
      );
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
      let reported: { [name: string]: Measure<T> } | undefined;
      for (const [name, transform] of table) {
        const step = transform.update(restrictedContext(context, members(name)), states[name]);
        next[name] = step.state;
        update = replaced(algebra, update, step.update);
        trouble ??= step.outcome;
        if (step.measures !== undefined) {
          reported ??= {};
          copyMeasures(reported, step.measures, transform.measures ?? [], given.get(name)!);
        }
      }
      return {
        update,
        state: next,
        ...(trouble !== undefined && { outcome: trouble }),
        ...(reported !== undefined && { measures: reported }),
      };
    },
  };
}

/** Each group's measures under the names that the whole gives them. */
function groupMeasures(
  groups: ReadonlyMap<string, Transform>,
): ReadonlyMap<string, readonly MeasureDescription[]> {
  const all = [...groups.values()].flatMap(({ measures = [] }) => measures.map(({ name }) => name));
  const shared = new Set(all.filter((name, i) => all.indexOf(name) !== i));
  const given = ([group, { measures = [] }]: [string, Transform]) =>
    measures.map((measure) =>
      shared.has(measure.name) ? { ...measure, name: `${group}/${measure.name}` } : measure,
    );
  return new Map([...groups].map((entry) => [entry[0], given(entry)]));
}
