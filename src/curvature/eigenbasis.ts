import type { Algebra } from '../algebra/algebra.js';
import { multiply } from '../linalg/product.js';
import { qr } from '../linalg/qr.js';
import { applyQ } from '../linalg/qr-factors.js';
import { symmetricEigen } from '../linalg/symmetric-eigen.js';
import { inBasis } from './inverse-root.js';

export interface BasisRule {
  /** A decomposition anew, or one step of orthogonal iteration from the last basis. */
  readonly by: 'eigen' | 'qr';
  /** The last basis is kept while ‖QᵀAQ off its diagonal‖ ≤ tolerance·‖A‖ (Frobenius); with 0 it never is. */
  readonly tolerance: number;
}

export type Renewal<T> =
  | { readonly kind: 'kept' }
  /** `turn` is R = QₒᵀQₙ: what was x in the old basis is Rᵀx in the new one. */
  | { readonly kind: 'renewed'; readonly basis: T; readonly turn: T }
  | { readonly kind: 'nonFinite' }
  | { readonly kind: 'notConverged' };

/**
 * An orthonormal basis, in columns, in which a symmetric positive semidefinite A is nearly diagonal, from the last one.
 *
 * 'eigen' decomposes A on the host in float64. 'qr' is one step of orthogonal iteration: the columns sorted by
 * falling qᵀAq, Q ← the orthonormal factor of AQ.
 *
 * Source: Vyas et al. 2024, algorithm 4 (the step by QR); Eschenhagen et al. 2025 (when to renew).
 */
export function renewedBasis<T>(
  algebra: Algebra<T>,
  a: T,
  basis: T,
  { by, tolerance }: BasisRule,
): Renewal<T> {
  const [n] = algebra.shape(a);
  const matrix = algebra.values(a);
  const last = algebra.values(basis);
  const { diagonal, off, norm } = inBasis(matrix, last, n);
  if (tolerance > 0 && off <= tolerance * norm) return { kind: 'kept' };
  let vectors: Float64Array;
  if (by === 'eigen') {
    const eigen = symmetricEigen(matrix, n);
    if (eigen.kind !== 'decomposed') return eigen;
    vectors = eigen.vectors;
  } else {
    const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[j] - diagonal[i] || i - j);
    const sorted = new Float64Array(n * n); // `from` with a function takes as long as a product
    for (let row = 0; row < n * n; row += n) {
      for (let j = 0; j < n; j++) sorted[row + j] = last[row + order[j]];
    }
    const factored = qr(multiply(matrix, sorted, n, n, n), n, n, { pivoting: false });
    if (factored.kind !== 'factored') return factored;
    vectors = applyQ(factored, 'plain', identity(n), n);
  }
  const turn = multiply(last, vectors, n, n, n, 'left');
  return { kind: 'renewed', basis: algebra.array(vectors, [n, n]), turn: algebra.array(turn, [n, n]) };
}

/** The n×n identity, row-major. */
export function identity(n: number): Float64Array {
  const entries = new Float64Array(n * n);
  for (let i = 0; i < n; i++) entries[i * n + i] = 1;
  return entries;
}
