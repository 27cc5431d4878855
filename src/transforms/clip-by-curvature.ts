import type { Algebra } from '../algebra/algebra.js';
import { treeSize } from '../algebra/flatten.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { leaves, mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import { hutchinsonDiagonal } from '../curvature/diagonal-estimates.js';
import { curvatureOf } from './curvature-of.js';
import type { Context, Step, Transform } from './transform.js';

export interface CurvatureClipOptions {
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the curvature, in [0, 1). */
  beta2?: number;
  /** γ > 0: an entry is clipped where |m| ≥ γh. */
  gamma?: number;
  /** ε > 0, below which γh does not count. */
  epsilon?: number;
  /** Steps from one estimate of the curvature to the next. */
  every?: number;
  /** 'hutchinson': z∘Hz; 'gaussNewtonBartlett': terms·ĝ², ĝ the gradient under labels drawn from the model. */
  estimator?: 'hutchinson' | 'gaussNewtonBartlett';
}

export const curvatureClipOptions: OptionsOf<CurvatureClipOptions> = {
  beta1: number(0.965, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.99, '[0, 1)', 'β₂, the memory of the curvature'),
  gamma: number(0.01, '(0, ∞)', 'γ: an entry is clipped where |m| ≥ γh'),
  epsilon: number(1e-12, '(0, ∞)', 'ε, the least that γh counts for'),
  every: whole(10, '[1, ∞)', 'steps from one estimate of the curvature to the next'),
  estimator: choice(
    'hutchinson',
    ['hutchinson', 'gaussNewtonBartlett'],
    "how the curvature's diagonal is estimated",
  ),
};

/**
 * Sophia's direction: m ← β₁m + (1 − β₁)u, every so many steps h ← β₂h + (1 − β₂)ĥ, and the update is
 * clip(m/max(γh, ε), −1, 1), entry by entry.
 *
 * ĥ is z∘Hz of a fresh Rademacher probe, or terms·ĝ∘ĝ with ĝ the gradient of the mean loss under labels drawn from the
 * model, which estimates the diagonal of the Gauss–Newton matrix. Where the curvature is negative or small the step is
 * a sign. Measured: the share of entries that are not clipped; 0.1 to 0.5 is a sign of a good γ.
 *
 * State: `count`, and `mean` and `curvature`, trees like the parameters, from 0, without bias correction.
 * Source: Liu et al. 2024 (Sophia), algorithms 1 to 3.
 *
 * @throws RangeError on a value outside its interval; TypeError where the objective lacks what the estimator needs
 * @example chain(clipByCurvature({ gamma: 0.05 }), learningRate(0.001))
 */
export function clipByCurvature(options: CurvatureClipOptions = {}): Transform {
  const values = chosen('clipByCurvature', curvatureClipOptions, options);
  const { beta1, beta2, gamma, epsilon, every, estimator } = values;
  return {
    name: 'clipByCurvature',
    options: { ...values },
    needs: [estimator === 'hutchinson' ? 'hessian' : 'linearized'],
    measures: [{ name: 'unclipped', kind: 'number', meaning: 'the share of entries that are not clipped' }],
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      mean: zerosLike(algebra, parameters),
      curvature: zerosLike(algebra, parameters),
    }),
    update<T>(context: Context<T>, state: { count: number; mean: Tree<T>; curvature: Tree<T> }): Step<T> {
      const { algebra, update } = context;
      const mean = mapTree(algebra, (m, u) => algebra.combine(beta1, m, 1 - beta1, u), state.mean, update);
      const curvature =
        state.count % every === 0
          ? mapTree(
              algebra,
              (h, fresh) => algebra.combine(beta2, h, 1 - beta2, fresh),
              state.curvature,
              estimator === 'hutchinson' ? probed(context) : sampled(context),
            )
          : state.curvature;
      const quotient = (m: T, h: T) => algebra.div(m, algebra.max(algebra.mul(h, gamma), epsilon));
      const ratios = mapTree(algebra, quotient, mean, curvature);
      // By sign and max, which pass a NaN on where a comparison would swallow it.
      const beyond = (ratio: T) => algebra.sign(algebra.max(algebra.sub(algebra.abs(ratio), 1), 0));
      const clipped = leaves(algebra, ratios)
        .map((ratio) => algebra.sum(beyond(ratio)))
        .reduce((total, part) => algebra.add(total, part), algebra.fill([], 0));
      const share = algebra.div(clipped, Math.max(1, treeSize(algebra, ratios)));
      return {
        update: mapTree(algebra, (ratio) => algebra.max(algebra.min(ratio, 1), -1), ratios),
        state: { count: state.count + 1, mean, curvature },
        measures: { unclipped: algebra.add(algebra.neg(share), 1) },
      };
    },
  };
}

function probed<T>(context: Context<T>): Tree<T> {
  return hutchinsonDiagonal(
    curvatureOf('clipByCurvature', 'hessian', context),
    context.parameters,
    context.random,
  );
}

function sampled<T>({ algebra, objective, parameters, random }: Context<T>): Tree<T> {
  if (objective?.linearized === undefined) {
    throw new TypeError(
      'clipByCurvature(objective): expected one that answers linearized, got one that does not',
    );
  }
  const { loss, pull } = objective.linearized(parameters);
  const gradient = pull(loss.sampledResidual(random));
  return mapTree(algebra, (g) => algebra.mul(algebra.square(g), loss.terms), gradient);
}
