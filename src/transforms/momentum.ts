import type { Algebra } from '../algebra/algebra.js';
import { chosen, number } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

export const momentumOptions = { beta: number(0.9, '[0, 1)', 'β, the memory of the velocity') };

/**
 * Heavy-ball momentum: v ← βv + u, and the update is v.
 *
 * With `learningRate(η)` after it, x⁺ = x − η∇f(x) + β(x − x₋). β = 0 is the identity.
 * State: `velocity`, a tree like the parameters, from 0.
 * Source: Polyak 1964, equation 9.
 *
 * @throws RangeError unless 0 ≤ beta < 1
 * @example chain(momentum(0.9), learningRate(0.1))
 */
export function momentum(beta = momentumOptions.beta.default): Transform {
  chosen('momentum', momentumOptions, { beta });
  return {
    name: 'momentum',
    options: { beta },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({ velocity: zerosLike(algebra, parameters) }),
    update<T>({ algebra, update }: Context<T>, state: { velocity: Tree<T> }): Step<T> {
      const velocity = mapTree(algebra, (v, u) => algebra.combine(beta, v, 1, u), state.velocity, update);
      return { update: velocity, state: { velocity } };
    },
  };
}
