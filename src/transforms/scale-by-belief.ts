import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

export interface BeliefOptions {
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the squared surprise, in [0, 1). */
  beta2?: number;
  /** ε ≥ 0, added to the squared surprise at every update and beside the root. */
  epsilon?: number;
}

export const beliefOptions: OptionsOf<BeliefOptions> = {
  beta1: number(0.9, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.999, '[0, 1)', 'β₂, the memory of the squared surprise'),
  epsilon: number(1e-16, '[0, ∞)', 'ε, added to the squared surprise at every update and beside the root'),
};

/**
 * AdaBelief's direction: m ← β₁m + (1 − β₁)u, s ← β₂s + (1 − β₂)(u − m)² + ε with the *new* m, and the update
 * is m̂/(√ŝ + ε), m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ). Elementwise.
 *
 * Long steps where the gradient is as expected, short ones where it surprises.
 *
 * State: `count`, and `mean` and `surprise`, trees like the parameters, from 0, without bias correction.
 * Source: Zhuang et al. 2020, algorithm 2; ε as in its appendix.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByBelief(), learningRate(0.001))
 */
export function scaleByBelief(options: BeliefOptions = {}): Transform {
  const { beta1, beta2, epsilon } = chosen('scaleByBelief', beliefOptions, options);
  return {
    name: 'scaleByBelief',
    options: { beta1, beta2, epsilon },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      mean: zerosLike(algebra, parameters),
      surprise: zerosLike(algebra, parameters),
    }),
    update<T>(
      { algebra, update }: Context<T>,
      state: { count: number; mean: Tree<T>; surprise: Tree<T> },
    ): Step<T> {
      const count = state.count + 1;
      const mean = mapTree(algebra, (m, u) => algebra.combine(beta1, m, 1 - beta1, u), state.mean, update);
      const surprised = (s: T, u: T, m: T) => {
        const squared = algebra.square(algebra.sub(u, m));
        return algebra.add(algebra.combine(beta2, s, 1 - beta2, squared), epsilon);
      };
      const surprise = mapTree(algebra, surprised, state.surprise, update, mean);
      const correction1 = 1 - beta1 ** count;
      const correction2 = 1 - beta2 ** count;
      const direction = (m: T, s: T) => {
        const root = algebra.sqrt(algebra.div(s, correction2));
        return algebra.div(algebra.div(m, correction1), algebra.add(root, epsilon));
      };
      return { update: mapTree(algebra, direction, mean, surprise), state: { count, mean, surprise } };
    },
  };
}
