import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import { hutchinsonDiagonal, rowSums } from '../curvature/diagonal-estimates.js';
import { able } from '../curvature/linear-operator.js';
import { curvatureOf } from './curvature-of.js';
import type { Context, Step, Transform } from './transform.js';

/**
 * How a Hessian's diagonal is found: 'hutchinson', z∘Hz of a fresh Rademacher probe; 'exact', n products, for small
 * models. 'rowSums' is H·1, the diagonal only where H is diagonal: code that takes one for the other is in print.
 */
export type DiagonalEstimate = 'hutchinson' | 'exact' | 'rowSums';

export interface CurvatureDiagonalOptions {
  /** How the Hessian's diagonal is found. */
  diagonal?: DiagonalEstimate;
  /** β, the memory of the diagonal, in [0, 1). */
  memory?: number;
  /** The least that an entry of the diagonal counts for, > 0 and at most `most`. */
  least?: number;
  /** The most that an entry of the diagonal counts for. */
  most?: number;
  /** Steps from one estimate to the next. */
  every?: number;
}

export const curvatureDiagonalOptions: OptionsOf<CurvatureDiagonalOptions> = {
  diagonal: choice('hutchinson', ['hutchinson', 'exact', 'rowSums'], "how the Hessian's diagonal is found"),
  memory: number(0.9, '[0, 1)', 'β, the memory of the diagonal'),
  least: number(0.1, '(0, most]', 'the least that an entry of the diagonal counts for'),
  most: number(10, '(0, ∞)', 'the most that an entry of the diagonal counts for'),
  every: whole(1, '[1, ∞)', 'steps from one estimate to the next'),
};

/**
 * Newton's direction by the Hessian's diagonal: every so many steps h ← βh + (1 − β)ĥ, and the update is
 * u/max(least, min(ĥ, most)), ĥ the running h corrected for bias. Elementwise.
 *
 * Entries of negative or small curvature are divided by `least`.
 * State: `count` and `estimates`, and `curvature`, a tree like the parameters, from 0.
 * Source: Becker and LeCun 1988; Hutchinson 1990 for the estimate.
 *
 * @throws RangeError on a value outside its interval; TypeError where the objective has no Hessian
 * @example chain(scaleByCurvatureDiagonal({ least: 0.5, most: 3 }), clipByValue(0.5), learningRate(0.01))
 */
export function scaleByCurvatureDiagonal(options: CurvatureDiagonalOptions = {}): Transform {
  const where = 'scaleByCurvatureDiagonal';
  const values = chosen(where, curvatureDiagonalOptions, options);
  const { diagonal, memory, least, most, every } = values;
  return {
    name: where,
    options: { ...values },
    needs: ['hessian'],
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      estimates: 0,
      curvature: zerosLike(algebra, parameters),
    }),
    update<T>(context: Context<T>, state: { count: number; estimates: number; curvature: Tree<T> }): Step<T> {
      const { algebra, update } = context;
      let { estimates, curvature } = state;
      if (state.count % every === 0) {
        curvature = mapTree(
          algebra,
          (h, fresh) => algebra.combine(memory, h, 1 - memory, fresh),
          curvature,
          estimate(context, diagonal),
        );
        estimates++;
      }
      const correction = 1 - memory ** estimates;
      const direction = (u: T, h: T) =>
        algebra.div(u, algebra.max(algebra.min(algebra.div(h, correction), most), least));
      return {
        update: mapTree(algebra, direction, update, curvature),
        state: { count: state.count + 1, estimates, curvature },
      };
    },
  };

  function estimate<T>(context: Context<T>, how: DiagonalEstimate): Tree<T> {
    const hessian = curvatureOf(where, 'hessian', context);
    if (how === 'hutchinson') return hutchinsonDiagonal(hessian, context.parameters, context.random);
    return how === 'exact' ? able(where, hessian, 'diagonal')() : rowSums(hessian, context.parameters);
  }
}
