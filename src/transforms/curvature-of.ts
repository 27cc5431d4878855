import type { LinearOperator } from '../curvature/linear-operator.js';
import { type CurvatureKind, unmet } from '../objective/objective.js';
import type { Context } from './transform.js';

/**
 * The objective's curvature at a step's parameters.
 *
 * @throws TypeError where the step comes without an objective that answers this kind
 */
export function curvatureOf<T>(
  where: string,
  kind: CurvatureKind,
  { objective, parameters }: Context<T>,
): LinearOperator<T> {
  if (objective?.curvature === undefined || unmet([kind], objective).length > 0) {
    throw new TypeError(`${where}(objective): expected one that answers ${kind}, got one that does not`);
  }
  return objective.curvature(kind, parameters);
}
