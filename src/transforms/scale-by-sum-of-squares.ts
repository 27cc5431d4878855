import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree } from '../algebra/tree.js';
import { type EpsilonPlace, rootWithEpsilon } from './root.js';
import type { Context, Step, Transform } from './transform.js';

export interface SumOfSquaresOptions {
  /** What the sum begins with, ≥ 0 (TensorFlow.js takes 0.1). */
  initial?: number;
  /** ε ≥ 0. With 0 and `initial` 0, a coordinate whose gradients were all 0 is 0/0. */
  epsilon?: number;
  /** √s + ε ('beside', as in PyTorch) or √(s + ε) ('inside', as in TensorFlow.js). */
  epsilonPlace?: EpsilonPlace;
}

export const sumOfSquaresOptions: OptionsOf<SumOfSquaresOptions> = {
  initial: number(0, '[0, ∞)', 'what the sum of squares begins with'),
  epsilon: number(1e-10, '[0, ∞)', 'ε'),
  epsilonPlace: choice('beside', ['beside', 'inside'], 'whether ε stands beside or inside the root'),
};

/**
 * Adagrad's direction: s ← s + u², and the update is u/(√s + ε). Elementwise.
 *
 * No entry of the update exceeds 1, and Σ_t u_t²/√s_t ≤ 2√s_T.
 *
 * State: `sum`, a tree like the parameters, from `initial`.
 * Source: Duchi, Hazan and Singer 2011, figure 1 (diagonal form).
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleBySumOfSquares(), learningRate(0.01))
 */
export function scaleBySumOfSquares(options: SumOfSquaresOptions = {}): Transform {
  const { initial, epsilon, epsilonPlace } = chosen('scaleBySumOfSquares', sumOfSquaresOptions, options);
  return {
    name: 'scaleBySumOfSquares',
    options: { initial, epsilon, epsilonPlace },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      sum: mapTree(algebra, (x) => algebra.fill(algebra.shape(x), initial), parameters),
    }),
    update<T>({ algebra, update }: Context<T>, state: { sum: Tree<T> }): Step<T> {
      const sum = mapTree(algebra, (s, u) => algebra.add(s, algebra.square(u)), state.sum, update);
      const direction = (u: T, s: T) => algebra.div(u, rootWithEpsilon(algebra, s, epsilon, epsilonPlace));
      return { update: mapTree(algebra, direction, update, sum), state: { sum } };
    },
  };
}
