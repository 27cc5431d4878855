import type { Algebra } from '../algebra/algebra.js';
import { sizeOf } from '../algebra/flatten.js';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import type { LabelSource } from './layer.js';
import type { Linearization } from './linearization.js';

/** A curvature as weight·UᵀU. */
export interface CurvatureRows<T> {
  /** U: a tree like the parameters, each leaf with an axis of the rows before its own. */
  readonly rows: Tree<T>;
  readonly weight: number;
}

/**
 * A model's curvature as squares: 'exact', JᵀHJ by the rows of LᵀJ, as many as the batch has outputs, H = LLᵀ; else one
 * row an example, its part of the mean loss's gradient under the labels of the source, with weight terms. Under labels
 * of the model's own ('sampled', 'signs') those have JᵀHJ for their expectation.
 *
 * @example
 * const { rows, weight } = curvatureRows(algebra, objective.linearized(parameters), 'sampled', random);
 * lowRank(algebra, rows, parameters, { scale: weight, damping: 1e-3 }).solve(gradient);
 */
export function curvatureRows<T>(
  algebra: Algebra<T>,
  { outputs, examples, loss, pullRows }: Linearization<T>,
  source: LabelSource | 'exact',
  random: Random,
): CurvatureRows<T> {
  const shape = algebra.shape(outputs);
  const size = sizeOf(algebra, outputs);
  if (source !== 'exact') {
    const signs = () => loss.factorProduct(algebra.array(random.signs(size), shape));
    const rows = algebra.scope(() => {
      if (source === 'given') return pullRows([loss.residual()]);
      if (source === 'sampled') return pullRows([loss.sampledResidual(random)]);
      return pullRows([algebra.div(signs(), Math.sqrt(loss.terms))]);
    });
    return { rows, weight: loss.terms };
  }
  const entries = size / examples;
  const unit = (entry: number) =>
    Float64Array.from({ length: size }, (_, at) => (at % entries === entry ? 1 : 0));
  const rows = algebra.scope(() =>
    pullRows(
      Array.from({ length: entries }, (_, entry) => loss.factorProduct(algebra.array(unit(entry), shape))),
    ),
  );
  return { rows, weight: 1 };
}
