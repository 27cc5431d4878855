import type { Algebra } from '../algebra/algebra.js';
import { part, replaced } from '../algebra/part.js';
import type { State, Tree } from '../algebra/tree.js';
import { restrictedContext } from './restricted-context.js';
import { describeSelection, type Selection, selector } from './selection.js';
import type { Context, Step, Transform } from './transform.js';

/**
 * Applies a transform to the chosen parameters only; the update of the others passes unchanged.
 *
 * Inside, the tree is a flat record from path to array, norms are taken over the chosen parameters alone, and the
 * objective is a function of them, the others held where they are. Measures keep their names.
 *
 * State: the transform's own, over the chosen parameters.
 *
 * @throws TypeError unless `chosen` is a regular expression or a function
 * @example masked(weightDecay(0.01), (path) => !path.endsWith('bias'))
 */
export function masked(transform: Transform, chosen: Selection): Transform {
  const selects = selector('masked', 'chosen', chosen);
  return {
    name: 'masked',
    options: {
      chosen: describeSelection(chosen),
      of: { name: transform.name, options: transform.options },
    },
    ...(transform.measures && { measures: transform.measures }),
    ...(transform.needs && { needs: transform.needs }),
    ...(transform.routes && {
      routes: <T>(context: Context<T>) => transform.routes!(restrictedContext(context, selects)),
    }),
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) =>
      transform.init(part(algebra, parameters, selects), algebra),
    update<T>(context: Context<T>, state: State<T>): Step<T> {
      const { algebra } = context;
      const step = transform.update(restrictedContext(context, selects), state);
      return { ...step, update: replaced(algebra, context.update, step.update) };
    },
  };
}
