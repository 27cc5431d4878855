import { mapTree, type Tree } from '../algebra/tree.js';
import { lowRank } from '../curvature/low-rank.js';
import { curvatureRows } from '../objective/curvature-rows.js';
import type { Linearization } from '../objective/linearization.js';
import type { Context } from './transform.js';

/**
 * How the diagonal of the Fisher matrix is estimated, ĝ a gradient of the mean loss of T terms under labels drawn from
 * the model: 'batch', T·ĝ² of the batch's ĝ; 'examples', T·Σĝᵢ² of each example's part; 'exact', from all outputs.
 * 'batchAsPublished' is ĝ², T times too small: code that trains with it is in print.
 */
export type FisherEstimate = 'batch' | 'examples' | 'exact' | 'batchAsPublished';

export const fisherEstimates: readonly FisherEstimate[] = ['batch', 'examples', 'exact', 'batchAsPublished'];

/**
 * A step's model near its parameters.
 *
 * @throws TypeError where the step comes without an objective that has one
 */
export function linearizationOf<T>(where: string, { objective, parameters }: Context<T>): Linearization<T> {
  if (objective?.linearized === undefined) {
    throw new TypeError(`${where}(objective): expected one that answers linearized, got one that does not`);
  }
  return objective.linearized(parameters);
}

/**
 * An estimate of the diagonal of the Fisher matrix on a step's batch, unbiased but for the published one. 'batch' costs
 * one gradient; 'examples' one where all parameters are weights of layers, else one an example.
 *
 * @throws TypeError where the step comes without a model's linearization
 */
export function fisherDiagonal<T>(where: string, context: Context<T>, estimate: FisherEstimate): Tree<T> {
  const { algebra, parameters, random } = context;
  return algebra.scope(() => {
    const model = linearizationOf(where, context);
    if (estimate === 'examples' || estimate === 'exact') {
      const source = estimate === 'exact' ? 'exact' : 'sampled';
      const { rows, weight } = curvatureRows(algebra, model, source, random);
      return lowRank(algebra, rows, parameters, { scale: weight }).diagonal!();
    }
    const { loss, pull } = model;
    const terms = estimate === 'batch' ? loss.terms : 1;
    const gradient = pull(loss.sampledResidual(random));
    return mapTree(algebra, (g) => algebra.mul(algebra.square(g), terms), gradient);
  });
}
