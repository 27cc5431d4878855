import { cholesky, type NotPositiveDefinite } from './cholesky.js';
import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { inverseFromFactor } from './kernels/definite-inverse.js';
import { lu, permuteRows, type Singular } from './lu.js';
import { target } from './matrix-argument.js';
import { triangularSolve } from './triangular.js';

export interface Inverse {
  readonly kind: 'inverted';
  /** n×n, row-major. */
  readonly inverse: Float64Array;
}

/**
 * A⁻¹ of a square matrix, by LU with partial pivoting. To solve a system, solve with the factors instead.
 *
 * @param a n×n, row-major.
 * @param into n·n entries, which may be `a` itself.
 * @throws RangeError when lengths disagree.
 * @example
 * const result = inverse(Float64Array.of(2, 1, 1, 1), 2);
 * if (result.kind === 'inverted') result.inverse; // [1, -1, -1, 2]
 */
export function inverse(a: Float64Array, n: number, into?: Float64Array): Inverse | Singular | NonFinite {
  const factored = lu(a, n);
  if (factored.kind !== 'factored') return factored;
  const result = target('inverse', into, n, n);
  const lower = factored.factors.slice();
  result.fill(0);
  for (let i = 0; i < n; i++) {
    lower[i * n + i] = 1;
    result[i * n + i] = 1;
  }
  permuteRows(result, n, factored.pivots);
  triangularSolve('lower', lower, n, result, n, result);
  triangularSolve('upper', factored.factors, n, result, n, result);
  return allFinite(result) ? { kind: 'inverted', inverse: result } : nonFinite;
}

/**
 * A⁻¹ = L⁻ᵀL⁻¹ of a symmetric positive definite matrix, symmetric to the last bit. Reads the lower triangle.
 *
 * @param a n×n, row-major.
 * @param into n·n entries, which may be `a` itself.
 * @throws RangeError when lengths disagree.
 * @example positiveDefiniteInverse(Float64Array.of(2, 0, 0, 4), 2) // { kind: 'inverted', inverse: [0.5, 0, 0, 0.25] }
 */
export function positiveDefiniteInverse(
  a: Float64Array,
  n: number,
  into?: Float64Array,
): Inverse | NotPositiveDefinite | NonFinite {
  const factored = cholesky(a, n, into);
  if (factored.kind !== 'factored') return factored;
  inverseFromFactor(factored.factor, n, factored.factor);
  return allFinite(factored.factor) ? { kind: 'inverted', inverse: factored.factor } : nonFinite;
}
