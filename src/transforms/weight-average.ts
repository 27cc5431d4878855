import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, whole } from '../algebra/option.js';
import { mapTree, type Tree } from '../algebra/tree.js';
import type { Context, Step, Transform } from './transform.js';

export interface WeightAverageOptions {
  /** β, the memory of the average, in [0, 1). */
  beta?: number;
  /** Updates before the average begins: until then it is the parameters themselves. */
  warmup?: number;
}

const averageOptions = {
  beta: number(0.999, '[0, 1)', 'β, the memory of the average'),
  warmup: whole(0, '[0, ∞)', 'updates before the average begins'),
};

/**
 * Keeps a running mean of the parameters beside them: a ← a + (1 − β)(x⁺ − a), where x⁺ = x + u are the
 * parameters after the update; the update itself passes unchanged. It stands last, behind the learning rate.
 *
 * The average starts at the first parameters and, for the first `warmup` updates, is the newest ones. It is
 * read by {@link averagedParameters}, for evaluation.
 *
 * State: `count`, the updates seen, and `average`, a tree like the parameters.
 * Source: Polyak and Juditsky 1992 for averaging; in exponential form, Tarvainen and Valpola 2017, equation 2.
 *
 * @throws RangeError on a value outside its interval
 * @example
 * const averaging = chain(adam(), weightAverage({ beta: 0.999, warmup: 100 }));
 * const state = averaging.init(float64.array([1, 2], [2]), float64);
 * averagedParameters(averaging, state); // the tree to evaluate
 */
export function weightAverage(options: WeightAverageOptions = {}): Transform {
  const { beta, warmup } = chosen('weightAverage', averageOptions, options);
  return {
    name: 'weightAverage',
    options: { beta, warmup },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      average: mapTree(algebra, (x) => algebra.copy(x), parameters),
    }),
    update<T>(
      { algebra, update, parameters }: Context<T>,
      state: { count: number; average: Tree<T> },
    ): Step<T> {
      const toward = (a: T, x: T, u: T) => {
        const newest = algebra.add(x, u);
        return state.count < warmup ? newest : algebra.combine(1, a, 1 - beta, algebra.sub(newest, a));
      };
      const average = mapTree(algebra, toward, state.average, parameters, update);
      return { update, state: { count: state.count + 1, average } };
    },
  };
}
