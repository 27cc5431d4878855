import type { Algebra } from '../algebra/algebra.js';
import { momentSteps } from '../algebra/moment-step.js';
import { choice, chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import { type CorrectedEpsilonPlace, powerWithEpsilon } from './root.js';
import type { Context, Step, Transform } from './transform.js';

export interface MomentsOptions {
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the mean square, in [0, 1). */
  beta2?: number;
  /** ε ≥ 0. With 0, a coordinate whose gradients were all 0 is 0/0. */
  epsilon?: number;
  /** p in (0, 1]. With 1 it is a natural gradient under the diagonal empirical Fisher matrix. */
  exponent?: number;
  /** Where ε stands. */
  epsilonPlace?: CorrectedEpsilonPlace;
}

export const momentsOptions: OptionsOf<MomentsOptions> = {
  beta1: number(0.9, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.999, '[0, 1)', 'β₂, the memory of the mean square'),
  epsilon: number(1e-8, '[0, ∞)', 'ε'),
  exponent: number(0.5, '(0, 1]', 'p; ½ is the root, 1 the diagonal natural gradient'),
  epsilonPlace: choice(
    'beside',
    ['beside', 'inside', 'besideUncorrected', 'insideUncorrected'],
    'where ε stands: beside the root of v̂ or inside it, or so at v, before its bias is corrected',
  ),
};

/**
 * Adam's direction: m ← β₁m + (1 − β₁)u, v ← β₂v + (1 − β₂)u², and the update is m̂ / (v̂ᵖ + ε),
 * with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ) after t updates. Elementwise.
 *
 * Other programs have ε elsewhere: inside the root, (v̂ + ε)ᵖ, or beside or inside that of v before its correction.
 *
 * p = ½ is Adam and invariant to the scale of the loss. p = 1 divides by the mean square itself: the mean of
 * the squared batch gradients stands for the diagonal of the Fisher matrix, to which it is proportional only
 * where the batch is one example.
 *
 * State: `count`, and `mean` and `square`, trees like the parameters, from 0, kept without bias correction.
 * Source: Kingma and Ba 2015, algorithm 1.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByMoments({ beta1: 0.9, beta2: 0.999 }), learningRate(0.001))
 */
export function scaleByMoments(options: MomentsOptions = {}): Transform {
  const { beta1, beta2, epsilon, exponent, epsilonPlace } = chosen('scaleByMoments', momentsOptions, options);
  return {
    name: 'scaleByMoments',
    options: { beta1, beta2, epsilon, exponent, ...(epsilonPlace !== 'beside' && { epsilonPlace }) },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      mean: zerosLike(algebra, parameters),
      square: zerosLike(algebra, parameters),
    }),
    update<T>(
      { algebra, update }: Context<T>,
      state: { count: number; mean: Tree<T>; square: Tree<T> },
    ): Step<T> {
      const count = state.count + 1;
      const correction1 = 1 - beta1 ** count;
      const correction2 = 1 - beta2 ** count;
      if (exponent === 0.5 && epsilonPlace === 'beside') {
        const by = { beta1, beta2, correction1, correction2, epsilon };
        const { direction, ...moments } = momentSteps(algebra, state.mean, state.square, update, by);
        return { update: direction, state: { count, ...moments } };
      }
      const mean = mapTree(algebra, (m, u) => algebra.combine(beta1, m, 1 - beta1, u), state.mean, update);
      const square = mapTree(
        algebra,
        (v, u) => algebra.combine(beta2, v, 1 - beta2, algebra.square(u)),
        state.square,
        update,
      );
      const direction = (m: T, v: T) => {
        const scale = powerWithEpsilon(algebra, v, correction2, exponent, epsilon, epsilonPlace);
        return algebra.div(algebra.div(m, correction1), scale);
      };
      return { update: mapTree(algebra, direction, mean, square), state: { count, mean, square } };
    },
  };
}
