import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import type { State, Tree } from '../algebra/tree.js';
import { damped } from '../curvature/combinations.js';
import { conjugateGradients } from '../curvature/conjugate-gradients.js';
import type { LinearOperator, Solution } from '../curvature/linear-operator.js';
import { lowRank } from '../curvature/low-rank.js';
import { curvatureRows } from '../objective/curvature-rows.js';
import { modelCurvature } from '../objective/model-curvature.js';
import { linearizationOf } from './fisher-diagonal.js';
import { flattenedSoftmaxSolve } from './flattened-softmax.js';
import type { Preconditioner, Ready } from './preconditioner.js';
import type { Context } from './transform.js';

/**
 * Which Fisher matrix: 'exact', JᵀHJ, the Gauss–Newton matrix; 'sampled', under one draw of labels from the model;
 * 'signs', by random signs sent through the factor of H; 'empirical', under the labels given, which is none of them.
 * 'flattenedSoftmax' has diag p − ppᵀ over all outputs of the batch at once for H: an error in print.
 */
export type FisherKind = 'exact' | 'sampled' | 'signs' | 'empirical' | 'flattenedSoftmax';

/** How (F + λI)x = u is solved. */
export type FisherSolve = 'conjugateGradients' | 'lowRank' | 'dense';

export interface FisherCurvatureOptions {
  /** Which Fisher matrix. */
  fisher?: FisherKind;
  /** How it is solved with. */
  by?: FisherSolve;
  /** Conjugate gradients end where the residual is so much smaller. */
  tolerance?: number;
  /** The most iterations of conjugate gradients. */
  iterations?: number;
}

export const fisherCurvatureOptions: OptionsOf<FisherCurvatureOptions> = {
  fisher: choice(
    'exact',
    ['exact', 'sampled', 'signs', 'empirical', 'flattenedSoftmax'],
    'which Fisher matrix',
  ),
  by: choice('conjugateGradients', ['conjugateGradients', 'lowRank', 'dense'], 'how it is solved with'),
  tolerance: number(0.01, '[0, 1)', 'conjugate gradients end where the residual is so much smaller'),
  iterations: whole(20, '[1, ∞)', 'the most iterations of conjugate gradients'),
};

/**
 * The Fisher matrix F of a step's batch alone, solved with as a whole: by conjugate gradients, products with F each
 * costing about two gradients; by its low rank, examples × outputs or one row an example, through Woodbury's identity;
 * or as a dense matrix, for small models.
 *
 * State: `solution`, a tree like the parameters.
 * Source: Amari 1998; Martens 2020; the low rank as in Ren and Goldfarb 2019.
 *
 * @throws RangeError or TypeError on an option that is not allowed
 * @example precondition(fisherCurvature({ fisher: 'sampled', by: 'lowRank' }), { damping: 0.1 })
 */
export function fisherCurvature(options: FisherCurvatureOptions = {}): Preconditioner {
  const values = chosen('fisherCurvature', fisherCurvatureOptions, options);
  const { fisher, by, tolerance, iterations } = values;
  const iterative = by === 'conjugateGradients' && fisher !== 'flattenedSoftmax';
  return {
    name: 'fisherCurvature',
    options: { ...values },
    needs: ['linearized'],
    measures: iterative
      ? [{ name: 'iterations', kind: 'number', meaning: 'iterations of conjugate gradients' }]
      : [],
    init: () => ({ solution: null }), // until the first refresh
    observe: <T>(_: Context<T>, state: State<T>) => state,
    refresh<T>(context: Context<T>, state: State<T>, damping: number): Ready<T> {
      const { algebra, update } = context;
      let made = 0;
      const found = algebra.scope((): { found: Solution<T> } => {
        if (fisher === 'flattenedSoftmax') return { found: flattenedSoftmaxSolve(context, damping) };
        const operator = fisherOperator(context, fisher, iterative, by === 'lowRank' ? damping : 0);
        if (by === 'lowRank') return { found: operator.solve!(update) };
        const whole = damped(operator, damping, update);
        if (by === 'dense') return { found: whole.solve!(update) };
        const solved = conjugateGradients(whole, update, { tolerance, maxIterations: iterations });
        made = solved.iterations;
        if (solved.kind === 'nonFinite')
          return { found: { kind: 'nonFinite', message: 'a product with it is not finite' } };
        return { found: { kind: 'solved', x: solved.x } };
      }).found;
      if (found.kind === 'solved') {
        return { state: { solution: found.x }, ...(iterative && { measures: { iterations: made } }) };
      }
      const kind = found.kind === 'nonFinite' ? 'nonFinite' : 'singular';
      return {
        state,
        outcome: { kind, message: `The Fisher matrix could not be solved with: ${found.message}.` },
      };
    },
    solve: <T>(_: Context<T>, state: State<T>) => (state as unknown as { solution: Tree<T> }).solution,
  };
}

function fisherOperator<T>(
  context: Context<T>,
  fisher: Exclude<FisherKind, 'flattenedSoftmax'>,
  byProducts: boolean,
  damping: number,
): LinearOperator<T> {
  const { algebra, parameters, random } = context;
  const model = linearizationOf('fisherCurvature', context);
  if (fisher === 'exact' && byProducts) return modelCurvature(algebra, 'fisher', model, parameters);
  const source = fisher === 'empirical' ? 'given' : fisher;
  const { rows, weight } = curvatureRows(algebra, model, source, random);
  return lowRank(algebra, rows, parameters, { scale: weight, damping });
}
