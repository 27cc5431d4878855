import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import { type FisherEstimate, fisherDiagonal, fisherEstimates } from './fisher-diagonal.js';
import { power } from './root.js';
import type { Context, Step, Transform } from './transform.js';

export interface FisherScaleOptions {
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the diagonal, in [0, 1). */
  beta2?: number;
  /** ε ≥ 0, added beside the power: with exponent 1 it is a damping. */
  epsilon?: number;
  /** p in (0, 1]: with 1 it is the natural gradient of the diagonal. */
  exponent?: number;
  /** Steps from one estimate to the next. */
  every?: number;
  /** How the Fisher matrix's diagonal is estimated. */
  estimate?: FisherEstimate;
}

export const fisherScaleOptions: OptionsOf<FisherScaleOptions> = {
  beta1: number(0.9, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.999, '[0, 1)', 'β₂, the memory of the diagonal'),
  epsilon: number(0.01, '[0, ∞)', 'ε, added beside the power'),
  exponent: number(0.5, '(0, 1]', 'p; ½ is the root, 1 the natural gradient of the diagonal'),
  every: whole(1, '[1, ∞)', 'steps from one estimate to the next'),
  estimate: choice('batch', fisherEstimates, "how the Fisher matrix's diagonal is estimated"),
};

/**
 * Adam's direction with the Fisher matrix in place of the squared gradient: m ← β₁m + (1 − β₁)u, every so many steps
 * v ← β₂v + (1 − β₂)F̂, F̂ an estimate of diag F under labels drawn from the model, and the update is m̂/(v̂ᵖ + ε), both
 * corrected for bias.
 *
 * Adam's own v is the square of the batch's gradient under the labels given, which is neither F nor its scale.
 * State: `count` and `estimates`, `mean` and `diagonal`, trees like the parameters, from 0.
 * Source: Martens 2020, section 11 (the empirical Fisher and Adam); {@link fisherDiagonal} for the estimates.
 *
 * @throws RangeError on a value outside its interval; TypeError where the objective has no model
 * @example chain(scaleByFisher({ exponent: 1, epsilon: 0.1 }), learningRate(0.1))
 */
export function scaleByFisher(options: FisherScaleOptions = {}): Transform {
  const values = chosen('scaleByFisher', fisherScaleOptions, options);
  const { beta1, beta2, epsilon, exponent, every, estimate } = values;
  return {
    name: 'scaleByFisher',
    options: { ...values },
    needs: ['linearized'],
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      estimates: 0,
      mean: zerosLike(algebra, parameters),
      diagonal: zerosLike(algebra, parameters),
    }),
    update<T>(
      context: Context<T>,
      state: { count: number; estimates: number; mean: Tree<T>; diagonal: Tree<T> },
    ): Step<T> {
      const { algebra, update } = context;
      const count = state.count + 1;
      let { estimates, diagonal } = state;
      if (state.count % every === 0) {
        const fresh = fisherDiagonal('scaleByFisher', context, estimate);
        diagonal = mapTree(algebra, (v, f) => algebra.combine(beta2, v, 1 - beta2, f), state.diagonal, fresh);
        estimates++;
      }
      const mean = mapTree(algebra, (m, u) => algebra.combine(beta1, m, 1 - beta1, u), state.mean, update);
      const [correction1, correction2] = [1 - beta1 ** count, 1 - beta2 ** estimates];
      const direction = (m: T, v: T) => {
        const scale = power(algebra, algebra.div(v, correction2), exponent);
        return algebra.div(algebra.div(m, correction1), algebra.add(scale, epsilon));
      };
      return {
        update: mapTree(algebra, direction, mean, diagonal),
        state: { count, estimates, mean, diagonal },
      };
    },
  };
}
