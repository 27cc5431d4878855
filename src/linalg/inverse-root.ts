import { type NonFinite, nonFinite } from './finite.js';
import { dimension, entries, target } from './matrix-argument.js';
import { multiply } from './product.js';
import { type NotConverged, symmetricEigen } from './symmetric-eigen.js';

export interface InverseRoot {
  readonly kind: 'inverted';
  /** n×n, row-major, symmetric. */
  readonly root: Float64Array;
}

/**
 * A^(−1/p) of a symmetric positive semidefinite matrix: Q·diag((λᵢ + ridge·λ₁)^(−1/p))·Qᵀ, λ₁ the largest.
 *
 * Negative eigenvalues are the rounding of zeros, and count as 0. What is then no larger than n·ε·λ₁ has no root
 * to speak of and is left out, as in a pseudoinverse; the root of the zero matrix is zero.
 *
 * @param a n×n, row-major; only the lower triangle is read.
 * @param p > 0: 1 inverts, 2 whitens.
 * @param ridge ≥ 0, relative to the largest eigenvalue.
 * @throws RangeError when lengths disagree, or on a p or ridge that is not allowed.
 * @example
 * const result = inverseRoot(Float64Array.of(4, 0, 0, 16), 2, 2);
 * if (result.kind === 'inverted') result.root; // [0.5, 0, 0, 0.25]
 */
export function inverseRoot(
  a: Float64Array,
  n: number,
  p: number,
  ridge = 0,
  into?: Float64Array,
): InverseRoot | NonFinite | NotConverged {
  dimension('inverseRoot', 'n', n);
  entries('inverseRoot', 'a', a, n, n);
  if (!(p > 0)) throw new RangeError(`inverseRoot(p): expected a number > 0, got ${p}`);
  if (!(ridge >= 0)) throw new RangeError(`inverseRoot(ridge): expected a number ≥ 0, got ${ridge}`);
  const eigen = symmetricEigen(a, n);
  if (eigen.kind !== 'decomposed') return eigen;
  const root = rootInBasis(eigen.values, eigen.vectors, n, p, ridge, target('inverseRoot', into, n, n));
  return root === undefined ? nonFinite : { kind: 'inverted', root };
}

/**
 * Q·diag((λᵢ + ridge·λ₁)^(−1/p))·Qᵀ for given eigenvalues and eigenvectors (columns), as {@link inverseRoot} has it;
 * undefined where an entry overflows.
 */
export function rootInBasis(
  values: Float64Array,
  vectors: Float64Array,
  n: number,
  p: number,
  ridge: number,
  into: Float64Array = new Float64Array(n * n),
): Float64Array | undefined {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, values[i]);
  const half = Float64Array.from(values, (value) => {
    const shifted = Math.max(value, 0) + ridge * largest;
    return shifted > n * 2 ** -52 * largest ? shifted ** (-0.5 / p) : 0;
  });
  const scaled = new Float64Array(n * n); // `from` with a function takes as long as the product
  for (let row = 0; row < n * n; row += n) {
    for (let j = 0; j < n; j++) scaled[row + j] = vectors[row + j] * half[j];
  }
  multiply(scaled, scaled, n, n, n, 'right', into);
  for (let i = 0; i < n; i++) if (!Number.isFinite(into[i * n + i])) return undefined;
  return into;
}
