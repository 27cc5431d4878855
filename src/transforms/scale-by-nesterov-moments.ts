import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

export interface NesterovMomentsOptions {
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the mean difference and its weight, in [0, 1). */
  beta2?: number;
  /** β₃, the memory of the mean square, in [0, 1). */
  beta3?: number;
  /** ε ≥ 0, added beside the root. With 0, a coordinate whose gradients were all 0 is 0/0. */
  epsilon?: number;
}

export const nesterovMomentsOptions: OptionsOf<NesterovMomentsOptions> = {
  beta1: number(0.98, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.92, '[0, 1)', 'β₂, the memory of the mean difference and its weight'),
  beta3: number(0.99, '[0, 1)', 'β₃, the memory of the mean square'),
  epsilon: number(1e-8, '[0, ∞)', 'ε, added beside the root'),
};

/**
 * Adan's direction, Nesterov's look-ahead made of differences of gradients: with d = u − u₋ (0 at first),
 *
 *     m ← β₁m + (1 − β₁)u,   v ← β₂v + (1 − β₂)d,   n ← β₃n + (1 − β₃)(u + β₂d)²,
 *
 * the update is (m̂ + β₂v̂)/(√n̂ + ε), each mean divided by 1 − βᵢᵗ after t updates. Elementwise.
 *
 * The paper writes 1 − βᵢ for what is βᵢ here, as it is in its authors' code; the difference weighs β₂, near 1,
 * and not 1 − β₂.
 *
 * State: `count`, and `mean`, `difference`, `square` and `last`, trees like the parameters.
 * Source: Xie et al. 2022, algorithm 1.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByNesterovMoments(), learningRate(0.001))
 */
export function scaleByNesterovMoments(options: NesterovMomentsOptions = {}): Transform {
  const { beta1, beta2, beta3, epsilon } = chosen('scaleByNesterovMoments', nesterovMomentsOptions, options);
  return {
    name: 'scaleByNesterovMoments',
    options: { beta1, beta2, beta3, epsilon },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      mean: zerosLike(algebra, parameters),
      difference: zerosLike(algebra, parameters),
      square: zerosLike(algebra, parameters),
      last: zerosLike(algebra, parameters),
    }),
    update<T>({ algebra, update }: Context<T>, state: NesterovMoments<T>): Step<T> {
      const count = state.count + 1;
      const { combine, div } = algebra;
      const last = state.count === 0 ? update : state.last;
      const change = mapTree(algebra, (u, before) => algebra.sub(u, before), update, last);
      const running = (beta: number) => (old: T, x: T) => combine(beta, old, 1 - beta, x);
      const ahead = mapTree(algebra, (u, d) => algebra.square(combine(1, u, beta2, d)), update, change);
      const mean = mapTree(algebra, running(beta1), state.mean, update);
      const difference = mapTree(algebra, running(beta2), state.difference, change);
      const square = mapTree(algebra, running(beta3), state.square, ahead);
      const direction = (m: T, v: T, n: T) => {
        const step = combine(1 / (1 - beta1 ** count), m, beta2 / (1 - beta2 ** count), v);
        return div(step, algebra.add(algebra.sqrt(div(n, 1 - beta3 ** count)), epsilon));
      };
      return {
        update: mapTree(algebra, direction, mean, difference, square),
        state: { count, mean, difference, square, last: update },
      };
    },
  };
}

type NesterovMoments<T> = {
  count: number;
  mean: Tree<T>;
  difference: Tree<T>;
  square: Tree<T>;
  last: Tree<T>;
};
