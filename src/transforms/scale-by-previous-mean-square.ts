import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

export interface PreviousMeanSquareOptions {
  /** β, the memory of the mean square, in [0, 1). */
  beta?: number;
  /** ε ≥ 0, the least divisor. */
  epsilon?: number;
}

export const previousMeanSquareOptions: OptionsOf<PreviousMeanSquareOptions> = {
  beta: number(0.9999, '[0, 1)', 'β, the memory of the mean square'),
  epsilon: number(1e-6, '[0, ∞)', 'ε, the least divisor'),
};

/**
 * Divides by the root of the mean square from *before* this gradient: the update is u/max(√v, ε), its entries
 * clipped to ±t^¼ after t such updates (this one counted), and then v ← βv + (1 − β)u². Elementwise.
 *
 * Since v knows nothing of the newest u, the two are independent and the mean of the updates has the direction
 * of the mean gradient, whatever β; with the new v it does not. The first update only sets v = u² and is 0.
 *
 * State: `count`, and `square`, a tree like the parameters.
 * Source: Taniguchi et al. 2024, algorithm 2, with the clipping of section 4.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByPreviousMeanSquare(), interpolatedMomentum({ beta1: 0.9, beta2: 0.9 }), learningRate(0.001))
 */
export function scaleByPreviousMeanSquare(options: PreviousMeanSquareOptions = {}): Transform {
  const { beta, epsilon } = chosen('scaleByPreviousMeanSquare', previousMeanSquareOptions, options);
  return {
    name: 'scaleByPreviousMeanSquare',
    options: { beta, epsilon },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      square: zerosLike(algebra, parameters),
    }),
    update<T>({ algebra, update }: Context<T>, state: { count: number; square: Tree<T> }): Step<T> {
      const { count } = state;
      if (count === 0) {
        const square = mapTree(algebra, (u) => algebra.square(u), update);
        // 0·u and not 0: a NaN goes on.
        return { update: mapTree(algebra, (u) => algebra.mul(u, 0), update), state: { count: 1, square } };
      }
      const most = count ** 0.25;
      const direction = (u: T, v: T) => {
        const scaled = algebra.div(u, algebra.max(algebra.sqrt(v), epsilon));
        return algebra.max(algebra.min(scaled, most), -most);
      };
      const decayed = (u: T, v: T) => algebra.combine(beta, v, 1 - beta, algebra.square(u));
      return {
        update: mapTree(algebra, direction, update, state.square),
        state: { count: count + 1, square: mapTree(algebra, decayed, update, state.square) },
      };
    },
  };
}
