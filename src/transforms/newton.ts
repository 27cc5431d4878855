import { flatten, unflatten } from '../algebra/flatten.js';
import { able } from '../curvature/linear-operator.js';
import { lu, luSolve } from '../linalg/lu.js';
import { unmet } from '../objective/objective.js';
import { type Context, type Step, stateless, type Transform } from './transform.js';

/**
 * Newton's direction, undamped: u ← H⁻¹u, with H the Hessian of the loss at the parameters.
 *
 * For small problems: it reads the Hessian and solves on the host by LU with partial pivoting, O(n³). It goes
 * to the nearest stationary point, saddles and maxima included. A singular Hessian, or one that is not finite,
 * ends the run by an outcome.
 *
 * Source: Nocedal and Wright 2006, equation 2.15.
 *
 * @throws TypeError where the step comes with no Hessian
 * @example chain(newton(), learningRate(1))
 */
export function newton(): Transform {
  return {
    name: 'newton',
    options: {},
    needs: ['hessian'],
    init: () => stateless,
    update<T>({ algebra, update, parameters, objective }: Context<T>): Step<T> {
      if (objective?.curvature === undefined || unmet(['hessian'], objective).length > 0) {
        throw new TypeError('newton(objective): expected one with a Hessian, got one without');
      }
      const hessian = able('newton', objective.curvature('hessian', parameters), 'dense')();
      const right = flatten(algebra, update);
      const n = right.length;
      const factored = lu(hessian, n);
      if (factored.kind === 'singular') {
        return {
          update,
          state: stateless,
          outcome: {
            kind: 'singular',
            message: `The Hessian is singular: elimination found no pivot in column ${factored.column} of ${n}. Start elsewhere, or damp the step.`,
          },
        };
      }
      const solution = factored.kind === 'factored' ? luSolve(factored, right) : undefined;
      if (solution === undefined || !solution.every(Number.isFinite)) {
        return {
          update,
          state: stateless,
          outcome: {
            kind: 'nonFinite',
            message: 'The Hessian, or the Newton step computed from it, is not finite.',
          },
        };
      }
      return { update: unflatten(algebra, solution, update), state: stateless };
    },
  };
}
