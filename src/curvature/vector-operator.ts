import { type HostArray, make } from '../algebra/host-array.js';
import { hostVectors } from '../linalg/host-vectors.js';
import type { LinearOperator } from './linear-operator.js';

/** An operator on plain vectors, which is what solvers multiply by. */
export interface VectorOperator extends LinearOperator<HostArray> {
  /** into ← Cv, every entry; `into` is another array than v. */
  multiply(v: Float64Array, into: Float64Array): void;
}

/** A curvature that is learnt from steps: an operator that changes with every pair it takes in. */
export interface SecantOperator extends VectorOperator {
  /** Takes in s = x⁺ − x and y = g⁺ − g; `gradient`, g⁺, is what it is applied to next. */
  learn(s: Float64Array, y: Float64Array, gradient: Float64Array): void;
  /** Begins anew; false where nothing was learnt. */
  forget(): boolean;
}

/** An operator of a product that writes every entry of Cv into an array. */
export function vectorOperator(
  name: string,
  multiply: (v: Float64Array, into: Float64Array) => void,
  { symmetric = false, positiveSemidefinite = false } = {},
): VectorOperator {
  return {
    name,
    algebra: hostVectors,
    symmetric,
    positiveSemidefinite,
    multiply,
    apply(v) {
      const { data, shape } = v as HostArray;
      const product = make(shape);
      multiply(data, product.data);
      return product;
    },
  };
}
