import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { mapTree, releaseExcept, type State, type Tree, treeDot, zerosLike } from '../algebra/tree.js';
import { damped } from '../curvature/combinations.js';
import { diagonalOperator } from '../curvature/diagonal-operator.js';
import type { LinearOperator } from '../curvature/linear-operator.js';
import { lowRank } from '../curvature/low-rank.js';
import { curvatureRows } from '../objective/curvature-rows.js';
import type { Linearization } from '../objective/linearization.js';
import type { MeasureDescription } from '../objective/measure.js';
import { modelCurvature } from '../objective/model-curvature.js';
import { dampingFactor, reductionRatio } from './damping-factor.js';
import { linearizationOf } from './fisher-diagonal.js';
import { type Kept, keptIterates } from './kept-iterates.js';
import type { Context, Step, Transform } from './transform.js';

export interface HessianFreeOptions {
  /** λ at the start. */
  damping?: number;
  /** What λ is multiplied by where ρ > ¾, and divided by where ρ < ¼. */
  drop?: number;
  /** The most iterations of conjugate gradients. */
  iterations?: number;
  /** How much of the last solution the next solve begins with. */
  warmStart?: number;
  /** 'empirical': (Σ gᵢ² of the examples + λ)^¾ divides the residuals. */
  preconditioner?: 'none' | 'empirical';
}

export const hessianFreeOptions: OptionsOf<HessianFreeOptions> = {
  damping: number(1, '(0, ∞)', 'λ at the start'),
  drop: number(2 / 3, '(0, 1)', 'what λ is multiplied by where ρ > ¾, and divided by where ρ < ¼'),
  iterations: whole(50, '[1, ∞)', 'the most iterations of conjugate gradients'),
  warmStart: number(0.95, '[0, 1]', 'how much of the last solution the next solve begins with'),
  preconditioner: choice(
    'none',
    ['none', 'empirical'],
    "whether the examples' squared gradients precondition the solve",
  ),
};

interface HessianFreeState<T> {
  readonly damping: number;
  readonly rejected: number;
  /** The last solution of conjugate gradients, whatever step was made of it. */
  readonly solution: Tree<T>;
}

const measures: readonly MeasureDescription[] = [
  { name: 'lambda', kind: 'number', meaning: 'λ, the damping' },
  { name: 'rho', kind: 'number', meaning: 'ρ, the reduction of the loss over the one predicted' },
  { name: 'predictedDecrease', kind: 'number', meaning: "by how much the model says the batch's loss falls" },
  { name: 'actualDecrease', kind: 'number', meaning: "by how much the batch's loss fell over that step" },
  { name: 'rate', kind: 'number', meaning: 'α, how much of the direction was gone; 0 where none helped' },
  { name: 'iterations', kind: 'number', meaning: 'iterations of conjugate gradients' },
  { name: 'kept', kind: 'number', meaning: 'the iteration whose iterate was taken' },
  { name: 'rejected', kind: 'number', meaning: 'steps rejected so far' },
];

/**
 * Hessian-free steps: conjugate gradients minimize gᵀδ + ½δᵀ(G + λI)δ, G the Gauss–Newton matrix of the batch, from a
 * part of the last solution until they progress no more; of the iterates kept on the way the best by the loss is taken,
 * shortened until it lowers the loss enough, and λ follows how well the undamped model foretold the loss.
 *
 * The solve ends at iteration i where φ has fallen by less than 5·10⁻⁴ of itself an iteration over the last
 * max(10, i/10). Iterates are kept at 5·1.3ʲ and at the end. Where no step lowers the loss, the update is 0. It is ready
 * to be added: no learning rate follows.
 *
 * State: `damping`, `rejected`, `solution`.
 * Source: Martens 2010, sections 4 and 8, as in its author's code; Martens and Sutskever 2012.
 *
 * @throws RangeError or TypeError on an option that is not allowed
 * @example hessianFreeSteps({ damping: 0.1, preconditioner: 'empirical' })
 */
export function hessianFreeSteps(options: HessianFreeOptions = {}): Transform {
  const all = chosen('hessianFreeSteps', hessianFreeOptions, options);
  const { drop, warmStart } = all;
  return {
    name: 'hessianFreeSteps',
    options: { ...all },
    measures,
    needs: ['linearized'],
    init: (parameters, algebra) => ({
      damping: all.damping,
      rejected: 0,
      solution: zerosLike(algebra, parameters),
    }),
    update<T>(context: Context<T>, given: State<T>): Step<T> {
      const { algebra, update } = context;
      const { damping, rejected, solution } = given as unknown as HessianFreeState<T>;
      let solved = { iterations: 0, finite: true };
      let taken = { kept: 0, rate: 0, ratio: Number.NaN, predicted: Number.NaN, change: Number.NaN };
      const made = algebra.scope((): { update: Tree<T>; solution: Tree<T> } => {
        const model = linearizationOf('hessianFreeSteps', context);
        const curvature = modelCurvature(algebra, 'gaussNewton', model, context.parameters);
        const start = mapTree(algebra, (s) => algebra.mul(s, warmStart), solution);
        const preconditioner = all.preconditioner === 'none' ? undefined : empirical(context, model, damping);
        const { iterates, ...found } = keptIterates(
          damped(curvature, damping, update),
          update,
          start,
          all.iterations,
          preconditioner,
        );
        solved = found;
        if (!found.finite) return { update, solution };
        const chosenStep = step(context, curvature, iterates);
        taken = chosenStep;
        return { update: chosenStep.update, solution: iterates.at(-1)!.x };
      });
      if (!solved.finite) {
        const message = 'A product with the Gauss–Newton matrix is not finite.';
        return { update, state: given, outcome: { kind: 'nonFinite', message } };
      }
      const next: HessianFreeState<T> = {
        damping: damping * dampingFactor(taken.ratio, drop),
        rejected: rejected + (taken.rate === 0 ? 1 : 0),
        solution: made.solution,
      };
      return {
        update: made.update,
        state: next as unknown as State<T>,
        measures: {
          lambda: damping,
          rho: taken.ratio,
          predictedDecrease: -taken.predicted,
          actualDecrease: -taken.change,
          rate: taken.rate,
          iterations: solved.iterations,
          kept: taken.kept,
          rejected: next.rejected,
        },
      };
    },
  };
}

/** The best of the iterates by the loss, from the last one back as long as they improve, and how far to go along it. */
function step<T>(
  context: Context<T>,
  curvature: LinearOperator<T>,
  iterates: readonly Kept<T>[],
): { update: Tree<T>; kept: number; rate: number; ratio: number; predicted: number; change: number } {
  const { algebra, update: gradient, loss } = context;
  const here = algebra.number(loss);
  const lossAt = (rate: number, x: Tree<T>) => valueAlong(context, rate, x);
  let at = iterates.length - 1;
  let there = lossAt(1, iterates[at].x);
  while (at > 0) {
    const before = lossAt(1, iterates[at - 1].x);
    if (before >= there) break;
    there = before;
    at--;
  }
  const { x, iteration } = iterates[at];
  const slope = algebra.scope(() => algebra.number(treeDot(algebra, gradient, x)));
  const bend = algebra.scope(() => algebra.number(treeDot(algebra, x, curvature.apply(x))));
  const predicted = slope + bend / 2;
  const change = there - here;
  const ratio = reductionRatio(change, predicted);
  const told = { kept: iteration, ratio, predicted, change };
  let rate = 1;
  for (let trial = 0; trial < 60 && !(there <= here + 0.01 * rate * Math.min(0, slope)); trial++) {
    rate *= 0.8;
    there = lossAt(rate, x);
  }
  const better = there <= here + 0.01 * rate * Math.min(0, slope) && there < here;
  if (!better) return { ...told, update: zerosLike(algebra, gradient), rate: 0 };
  return { ...told, update: mapTree(algebra, (xi) => algebra.mul(xi, rate), x), rate };
}

function valueAlong<T>({ algebra, parameters, objective }: Context<T>, rate: number, x: Tree<T>): number {
  return algebra.scope(() => {
    const to = mapTree(algebra, (p, d) => algebra.combine(1, p, rate, d), parameters, x);
    return algebra.number(objective!.value(to));
  });
}

/** diag(Σ gᵢ² + λ)^(−¾) of the examples' gradients under the labels given, on the scale of the mean loss. */
function empirical<T>(
  { algebra, parameters, random }: Context<T>,
  model: Linearization<T>,
  damping: number,
): LinearOperator<T> {
  const { rows, weight } = curvatureRows(algebra, model, 'given', random);
  const squares = lowRank(algebra, rows, parameters, { scale: weight }).diagonal!();
  releaseExcept(algebra, rows, squares);
  return diagonalOperator(
    algebra,
    mapTree(algebra, (s) => algebra.pow(algebra.add(s, damping), -0.75), squares),
    { positiveSemidefinite: true },
  );
}
