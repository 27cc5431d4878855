import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import { type EpsilonPlace, rootWithEpsilon } from './root.js';
import type { Context, Step, Transform } from './transform.js';

export interface MeanSquareOptions {
  /** β, the memory of the mean square, in [0, 1), default 0.9. */
  beta?: number;
  /** ε ≥ 0, default 1e-8. With 0, a coordinate whose gradients were all 0 is 0/0. */
  epsilon?: number;
  /** √v + ε ('beside', the default, as in PyTorch) or √(v + ε) ('inside', as in TensorFlow.js). */
  epsilonPlace?: EpsilonPlace;
}

export const meanSquareOptions: OptionsOf<MeanSquareOptions> = {
  beta: number(0.9, '[0, 1)', 'β, the memory of the mean square'),
  epsilon: number(1e-8, '[0, ∞)', 'ε'),
  epsilonPlace: choice('beside', ['beside', 'inside'], 'whether ε stands beside or inside the root'),
};

/**
 * RMSProp's direction: v ← βv + (1 − β)u², and the update is u/(√v + ε). Elementwise, no bias correction.
 *
 * No entry of the update exceeds 1/√(1 − β).
 *
 * State: `square`, a tree like the parameters, from 0.
 * Source: Tieleman and Hinton 2012, lecture 6.5.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByMeanSquare({ beta: 0.9 }), learningRate(0.001))
 */
export function scaleByMeanSquare(options: MeanSquareOptions = {}): Transform {
  const { beta, epsilon, epsilonPlace } = chosen('scaleByMeanSquare', meanSquareOptions, options);
  return {
    name: 'scaleByMeanSquare',
    options: { beta, epsilon, epsilonPlace },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({ square: zerosLike(algebra, parameters) }),
    update<T>({ algebra, update }: Context<T>, state: { square: Tree<T> }): Step<T> {
      const square = mapTree(
        algebra,
        (v, u) => algebra.combine(beta, v, 1 - beta, algebra.square(u)),
        state.square,
        update,
      );
      const direction = (u: T, v: T) => algebra.div(u, rootWithEpsilon(algebra, v, epsilon, epsilonPlace));
      return { update: mapTree(algebra, direction, update, square), state: { square } };
    },
  };
}
