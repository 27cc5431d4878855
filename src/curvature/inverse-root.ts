import type { Algebra } from '../algebra/algebra.js';
import { inverseRoot, rootInBasis } from '../linalg/inverse-root.js';
import { multiply } from '../linalg/product.js';
import { symmetricEigen } from '../linalg/symmetric-eigen.js';
import { coupledNewtonRoot } from './coupled-newton.js';

export interface RootRule {
  /** Added to the diagonal, relative to the largest eigenvalue. */
  readonly ridge: number;
  /**
   * On the host in float64 by eigenvalues, or on the device by products of matrices (see {@link coupledNewtonRoot}).
   * Where the device is WebAssembly the host is faster: fourth roots with a ridge of 10⁻⁶, a busy machine, 57 ms against
   * 338 at n = 256, 287 against 2,670 at n = 512.
   */
  readonly by: 'eigen' | 'newton';
  /**
   * How far, relative to ‖A‖, the last eigenbasis may be from diagonalizing A for being kept; with 0 it never is.
   * 'newton' has no basis to keep.
   */
  readonly tolerance: number;
}

export type Rooted<T> =
  | { readonly kind: 'inverted'; readonly root: T; readonly basis: T | null; readonly by: RootRule['by'] }
  | { readonly kind: 'nonFinite' }
  | { readonly kind: 'notConverged' };

/**
 * (A/scale)^(−1/p) of a symmetric positive semidefinite A in any arithmetic, with a ridge.
 *
 * What Newton's iteration does not converge for in the device's arithmetic is computed again on the host in float64.
 * With a tolerance, the eigenbasis of the last time is kept while ‖QᵀAQ off its diagonal‖ ≤ tolerance·‖A‖
 * (Frobenius), and the eigenvalues alone are renewed: 4 matrix products in place of a decomposition that costs 10.
 *
 * @param basis the eigenbasis returned the last time, or null
 * Source: Eschenhagen et al. 2025, section 5 (when to renew a basis).
 */
export function inverseRootOf<T>(
  algebra: Algebra<T>,
  a: T,
  p: number,
  scale: number,
  { ridge, by, tolerance }: RootRule,
  basis: T | null,
): Rooted<T> {
  const [n] = algebra.shape(a);
  if (by === 'newton') {
    const found = coupledNewtonRoot(algebra, algebra.div(a, scale), p, { ridge });
    if (found.kind === 'inverted') return { kind: 'inverted', root: found.root, basis: null, by };
  }
  const matrix = algebra.values(a);
  for (let i = 0; i < matrix.length; i++) matrix[i] /= scale;
  const made = (root: Float64Array, of: T | null): Rooted<T> => {
    return { kind: 'inverted', root: algebra.array(root, [n, n]), basis: of, by: 'eigen' };
  };
  if (tolerance === 0) {
    const result = inverseRoot(matrix, n, p, ridge);
    return result.kind === 'inverted' ? made(result.root, null) : result;
  }
  if (basis !== null) {
    const vectors = algebra.values(basis);
    const { diagonal, off, norm } = inBasis(matrix, vectors, n);
    const root = off <= tolerance * norm ? rootInBasis(diagonal, vectors, n, p, ridge) : undefined;
    if (root !== undefined) return made(root, basis);
  }
  const eigen = symmetricEigen(matrix, n);
  if (eigen.kind !== 'decomposed') return eigen;
  const root = rootInBasis(eigen.values, eigen.vectors, n, p, ridge);
  return root === undefined ? { kind: 'nonFinite' } : made(root, algebra.array(eigen.vectors, [n, n]));
}

/** What QᵀAQ has on its diagonal, and the Frobenius norms of the rest and of A. */
export function inBasis(
  a: Float64Array,
  vectors: Float64Array,
  n: number,
): { diagonal: Float64Array; off: number; norm: number } {
  const turned = multiply(vectors, multiply(a, vectors, n, n, n), n, n, n, 'left');
  const diagonal = new Float64Array(n);
  let off = 0;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    diagonal[i] = turned[i * n + i];
    for (let j = 0; j < n; j++) {
      norm += a[i * n + j] ** 2;
      if (j !== i) off += turned[i * n + j] ** 2;
    }
  }
  return { diagonal, off: Math.sqrt(off), norm: Math.sqrt(norm) };
}
