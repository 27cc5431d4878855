import type { Algebra } from '../algebra/algebra.js';
import { chosen, numberOr } from '../algebra/option.js';
import { mapTree, type State, type Tree, zerosLike } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

export const nesterovOptions = {
  beta: numberOr(0.9, '[0, 1)', 'sequence', "β, the memory of the velocity; 'sequence' is (k − 1)/(k + 2)"),
};

/**
 * Nesterov's accelerated gradient: v_k = β_{k−1} v_{k−1} + u_k, and the update is u_k + β_k v_k (k = 1, 2, …).
 *
 * With `learningRate(η)` after it this is the two-sequence scheme
 *
 *     x_k = y_{k−1} − η∇f(y_{k−1}),   y_k = x_k + β_k (x_k − x_{k−1}),   y_0 = x_0,
 *
 * written in the look-ahead points: **the parameters a loop holds, and at which it takes the gradient, are the
 * y_k**. The x_k, to which the bound below applies, is one gradient step from the parameters before:
 * x_k = y_{k−1} − η∇f(y_{k−1}). η must be constant for the two forms to be one.
 *
 * A constant β gives, on an eigenmode λ of a quadratic, e_{k+1} = (1 − ηλ)((1 + β)e_k − βe_{k−1}) for k ≥ 1,
 * from e_1 = (1 − (1 + β)ηλ)e_0. `'sequence'` takes β_k = (k − 1)/(k + 2): for convex f and η ≤ 1/L,
 * f(x_k) − f* ≤ 2‖x_0 − x*‖²/(η(k + 1)²).
 *
 * State: `velocity`, a tree like the parameters, from 0; for the sequence also `count`, the updates made.
 * Source: Nesterov 1983; the sequence as in Su, Boyd and Candès 2016, equation 1; in the look-ahead points,
 * Bengio, Boulanger-Lewandowski and Pascanu 2013.
 *
 * @throws RangeError unless 0 ≤ beta < 1 or beta is 'sequence'
 * @example chain(nesterov('sequence'), learningRate(0.1))
 */
export function nesterov(beta: number | 'sequence' = nesterovOptions.beta.default): Transform {
  chosen('nesterov', nesterovOptions, { beta });
  return {
    name: 'nesterov',
    options: { beta },
    init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> {
      const velocity = zerosLike(algebra, parameters);
      return beta === 'sequence' ? { velocity, count: 0 } : { velocity };
    },
    update<T>({ algebra, update }: Context<T>, state: { velocity: Tree<T>; count?: number }): Step<T> {
      const count = state.count ?? 0;
      const [before, now] = beta === 'sequence' ? [term(count), term(count + 1)] : [beta, beta];
      const velocity = mapTree(algebra, (v, u) => algebra.combine(before, v, 1, u), state.velocity, update);
      return {
        update: mapTree(algebra, (v, u) => algebra.combine(now, v, 1, u), velocity, update),
        state: beta === 'sequence' ? { velocity, count: count + 1 } : { velocity },
      };
    },
  };
}

/** β_k = (k − 1)/(k + 2); β_0 meets a velocity of 0. */
function term(k: number): number {
  return Math.max(0, k - 1) / (k + 2);
}
