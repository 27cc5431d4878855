import type { Algebra } from '../algebra/algebra.js';
import type { Tree } from '../algebra/tree.js';
import type { LinearOperator } from '../curvature/linear-operator.js';
import { matrixFree } from '../curvature/matrix-free.js';
import type { Linearization } from './linearization.js';
import type { CurvatureKind } from './objective.js';

/**
 * JᵀMJ, a curvature that passes through a model's outputs: M is the loss's Hessian there ('gaussNewton', 'fisher': for
 * the losses of exponential families the two are one) or N·diag-blocks rᵢrᵢᵀ of the residuals ('empiricalFisher').
 *
 * Source: Schraudolph 2002 (Gauss–Newton); Martens 2020, section 5 (Fisher).
 */
export function modelCurvature<T>(
  algebra: Algebra<T>,
  kind: Exclude<CurvatureKind, 'hessian'>,
  { push, pull, loss }: Linearization<T>,
  parameters: Tree<T>,
): LinearOperator<T> {
  const through = kind === 'empiricalFisher' ? loss.residualProduct : loss.curvatureProduct;
  return matrixFree(
    algebra,
    kind,
    (v) => algebra.scope(() => pull(through.call(loss, push(v)))),
    parameters,
    { positiveSemidefinite: true },
  );
}
