import { leaves, mapTree } from '../algebra/tree.js';
import { lu, luSolve } from '../linalg/lu.js';
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
    init: () => stateless,
    update<T>({ algebra, update, parameters, problem }: Context<T>): Step<T> {
      if (problem?.hessian === undefined) {
        throw new TypeError('newton(problem): expected one with a Hessian, got one without');
      }
      const hessian = algebra.values(problem.hessian(parameters));
      const right = Float64Array.from(leaves(algebra, update).flatMap((u) => [...algebra.values(u)]));
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
      let offset = 0;
      const direction = mapTree(
        algebra,
        (u) => {
          const shape = algebra.shape(u);
          const size = shape.reduce((product, length) => product * length, 1);
          offset += size;
          return algebra.array(solution.subarray(offset - size, offset), shape);
        },
        update,
      );
      return { update: direction, state: stateless };
    },
  };
}
