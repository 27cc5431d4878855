import type { AnyMethod } from '../../../src/methods/index.js';
import { asSolver, throughResiduals } from '../../../src/methods/index.js';
import type { Residuals, Solver } from '../../../src/objective/index.js';

/**
 * What minimizes the function: a solver as it is, a method by its transforms, a least-squares solver through the
 * residuals where the function has them.
 *
 * @throws TypeError where the method needs residuals and there are none
 */
export function solverFor(
  method: AnyMethod,
  definition: { readonly name: string } & Partial<Residuals>,
): Solver {
  if ('startResiduals' in method && hasResiduals(definition)) return throughResiduals(method, definition);
  if ('start' in method) return method;
  if ('update' in method) return asSolver(method);
  throw new TypeError(
    `${method.name} needs the residuals of a sum of squares, which ${definition.name} does not have; ` +
      'take levenbergMarquardtNewton, which goes on with the Hessian, or a trustRegion',
  );
}

function hasResiduals(definition: Partial<Residuals>): definition is Residuals {
  return definition.residuals !== undefined;
}
