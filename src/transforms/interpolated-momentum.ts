import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

export interface InterpolatedMomentumOptions {
  /** β₁, the weight of the memory in the update, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the mean, in [0, 1). */
  beta2?: number;
}

export const interpolatedMomentumOptions: OptionsOf<InterpolatedMomentumOptions> = {
  beta1: number(0.9, '[0, 1)', 'β₁, the weight of the memory in the update'),
  beta2: number(0.99, '[0, 1)', 'β₂, the memory of the mean'),
};

/**
 * A running mean that weighs the newest gradient by itself: the update is β₁m + (1 − β₁)u, made with the old
 * mean m, and then m ← β₂m + (1 − β₂)u. Elementwise.
 *
 * β₁ = β₂ is the running mean, without bias correction; β₁ = β₂² is Nesterov's form of it, βm⁺ + (1 − β)u with
 * β = β₂ and the new mean m⁺; β₁ < β₂ is Lion's.
 *
 * State: `mean`, a tree like the parameters, from 0.
 * Source: Chen et al. 2023, algorithm 2.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(interpolatedMomentum({ beta1: 0.9, beta2: 0.99 }), sign(), learningRate(0.0003)) // Lion
 */
export function interpolatedMomentum(options: InterpolatedMomentumOptions = {}): Transform {
  const { beta1, beta2 } = chosen('interpolatedMomentum', interpolatedMomentumOptions, options);
  return {
    name: 'interpolatedMomentum',
    options: { beta1, beta2 },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({ mean: zerosLike(algebra, parameters) }),
    update<T>({ algebra, update }: Context<T>, state: { mean: Tree<T> }): Step<T> {
      const blend = (beta: number) => (m: T, u: T) => algebra.combine(beta, m, 1 - beta, u);
      return {
        update: mapTree(algebra, blend(beta1), state.mean, update),
        state: { mean: mapTree(algebra, blend(beta2), state.mean, update) },
      };
    },
  };
}
