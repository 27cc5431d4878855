import { type VectorOperator, vectorOperator } from '../curvature/vector-operator.js';
import { matrixVector } from '../linalg/vector.js';
import type { Evaluations } from './evaluations.js';

/** The Hessian of a function as an operator that follows a run from point to point. */
export interface HessianOperator extends VectorOperator {
  /** Brings it to x, which may be written over only before the next call. */
  moveTo(x: Float64Array): void;
  /** H at the point, [n, n], evaluated when first asked for there. */
  dense(): Float64Array;
}

/** ∇²f: by the user's products or differences of the gradient; by the matrix where only that is given, or was asked for. */
export function hessianOperator(evaluations: Evaluations): HessianOperator {
  const { n } = evaluations;
  let at: Float64Array | undefined;
  let matrix: Float64Array | undefined;
  let current = false;
  const dense = () => {
    matrix ??= new Float64Array(n * n);
    if (!current && at !== undefined) evaluations.hessian(at, matrix);
    current = true;
    return matrix;
  };
  const product = (v: Float64Array, into: Float64Array) => {
    if (current || !evaluations.matrixFree) matrixVector(dense(), v, into);
    else if (at !== undefined) evaluations.hessianVectorProduct(at, v, into);
  };
  return Object.assign(vectorOperator('Hessian', product, { symmetric: true }), {
    dense,
    moveTo(x: Float64Array) {
      at = x;
      current = false;
    },
  });
}
