import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { dimension, entries, target } from './matrix-argument.js';

/** A + E = LLᵀ with E diagonal and not negative. */
export interface ModifiedCholesky {
  readonly kind: 'factored';
  readonly n: number;
  /** L, n×n, row-major, zeros above the diagonal: what `choleskySolve` takes. */
  readonly factor: Float64Array;
  /** The diagonal of E; zeros where the matrix was safely positive definite. */
  readonly added: Float64Array;
}

/** Arrays to write into: `factor` n·n entries, perhaps the matrix itself, and `added` n. */
export interface ModifiedCholeskyWorkspace {
  readonly factor: Float64Array;
  readonly added: Float64Array;
}

/**
 * The Cholesky factor of a symmetric matrix made positive definite by adding to its diagonal as it goes.
 *
 * Pivot j is max(|cⱼⱼ|, θⱼ²/β², δ) with θⱼ = maxᵢ|cᵢⱼ|, β² = max(γ, ξ/√(n²−1), ε), γ and ξ the largest entries on
 * and off the diagonal, δ = ε·max(γ + ξ, 1·scale); so L stays bounded, and E = 0 for a matrix that is safely
 * positive definite. Only the lower triangle is read.
 *
 * Source: Gill, Murray & Wright 1981, section 4.4.2.2, without interchanges.
 *
 * @param a n×n, row-major.
 * @throws RangeError when lengths disagree.
 * @example
 * const factored = modifiedCholesky(Float64Array.of(1, 0, 0, -2), 2);
 * if (factored.kind === 'factored') factored.added; // [0, 4]: −2 became 2
 */
export function modifiedCholesky(
  a: Float64Array,
  n: number,
  into?: ModifiedCholeskyWorkspace,
): ModifiedCholesky | NonFinite {
  dimension('modifiedCholesky', 'n', n);
  entries('modifiedCholesky', 'a', a, n, n);
  const l = target('modifiedCholesky', into?.factor, n, n);
  const added = target('modifiedCholesky', into?.added, n);
  let onDiagonal = 0;
  let offDiagonal = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    onDiagonal = Math.max(onDiagonal, Math.abs(a[i * n + i]));
    for (let j = 0; j < i; j++) offDiagonal = Math.max(offDiagonal, Math.abs(a[i * n + j]));
    for (let j = 0; j <= i; j++) total += a[i * n + j] - a[i * n + j];
  }
  if (total !== 0) return nonFinite;
  const largest = onDiagonal + offDiagonal;
  const epsilon = 2 ** -52;
  // The zero matrix has no scale of its own.
  const least = largest === 0 ? 1 : epsilon * largest;
  const bound = Math.max(onDiagonal, offDiagonal / Math.sqrt(Math.max(1, n * n - 1)), epsilon * largest);
  for (let j = 0; j < n; j++) {
    // Column j of L·diag(pivot), before its pivot is known, is kept in L.
    let most = 0;
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = sum;
      if (i > j) most = Math.max(most, Math.abs(sum));
    }
    const own = l[j * n + j];
    const pivot = Math.max(Math.abs(own), bound === 0 ? 0 : (most / bound) * most, least);
    added[j] = pivot - own;
    const root = Math.sqrt(pivot);
    l[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      l[i * n + j] /= root;
      l[j * n + i] = 0;
    }
  }
  return allFinite(l) && allFinite(added) ? { kind: 'factored', n, factor: l, added } : nonFinite;
}
