import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, flag, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type State, type Tree, zerosLike } from '../algebra/tree.js';
import { type EpsilonPlace, rootWithEpsilon } from './root.js';
import type { Context, Step, Transform } from './transform.js';

export interface MeanSquareOptions {
  /** β, the memory of the mean square, in [0, 1). */
  beta?: number;
  /** ε ≥ 0. With 0, a coordinate whose gradients were all 0 is 0/0. */
  epsilon?: number;
  /** √v + ε ('beside', as in PyTorch) or √(v + ε) ('inside', as in TensorFlow.js). */
  epsilonPlace?: EpsilonPlace;
  /** Whether the mean square is corrected for its start at 0, v̂ = v/(1 − βᵗ). */
  corrected?: boolean;
}

export const meanSquareOptions: OptionsOf<MeanSquareOptions> = {
  beta: number(0.9, '[0, 1)', 'β, the memory of the mean square'),
  epsilon: number(1e-8, '[0, ∞)', 'ε'),
  epsilonPlace: choice('beside', ['beside', 'inside'], 'whether ε stands beside or inside the root'),
  corrected: flag(false, 'whether the mean square is corrected for its start at 0'),
};

/**
 * RMSProp's direction: v ← βv + (1 − β)u², and the update is u/(√v + ε). Elementwise, without bias correction
 * unless it is asked for.
 *
 * No entry of the update exceeds 1/√(1 − β).
 *
 * State: `square`, a tree like the parameters, from 0; for the correction also `count`, the updates made.
 * Source: Tieleman and Hinton 2012, lecture 6.5.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByMeanSquare({ beta: 0.9 }), learningRate(0.001))
 */
export function scaleByMeanSquare(options: MeanSquareOptions = {}): Transform {
  const { beta, epsilon, epsilonPlace, corrected } = chosen('scaleByMeanSquare', meanSquareOptions, options);
  return {
    name: 'scaleByMeanSquare',
    options: corrected ? { beta, epsilon, epsilonPlace, corrected } : { beta, epsilon, epsilonPlace },
    init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> {
      const square = zerosLike(algebra, parameters);
      return corrected ? { square, count: 0 } : { square };
    },
    update<T>({ algebra, update }: Context<T>, state: { square: Tree<T>; count?: number }): Step<T> {
      const square = mapTree(
        algebra,
        (v, u) => algebra.combine(beta, v, 1 - beta, algebra.square(u)),
        state.square,
        update,
      );
      const count = (state.count ?? 0) + 1;
      const seen = (v: T) => (corrected ? algebra.div(v, 1 - beta ** count) : v);
      const direction = (u: T, v: T) =>
        algebra.div(u, rootWithEpsilon(algebra, seen(v), epsilon, epsilonPlace));
      return {
        update: mapTree(algebra, direction, update, square),
        state: corrected ? { square, count } : { square },
      };
    },
  };
}
