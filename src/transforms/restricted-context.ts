import { part } from '../algebra/part.js';
import { restrictedObjective } from '../objective/restricted-objective.js';
import type { Context } from './transform.js';

/** The context of a step for the chosen parameters alone: flat records from path to array. */
export function restrictedContext<T>(
  context: Context<T>,
  selects: (path: string, shape: readonly number[]) => boolean,
): Context<T> {
  const { algebra, objective } = context;
  const parameters = part(algebra, context.parameters, selects);
  return {
    ...context,
    update: part(algebra, context.update, selects),
    gradient: part(algebra, context.gradient, selects),
    parameters,
    ...(objective && {
      objective: restrictedObjective(algebra, objective, context.parameters, (path) =>
        Object.hasOwn(parameters as object, path),
      ),
    }),
  };
}
