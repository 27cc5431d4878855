import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { accumulateReflectors, reflectorNumbers } from './kernels/block-reflector.js';
import { tridiagonalizeInPanels, tridiagonalNumbers } from './kernels/blocked-tridiagonal.js';
import { safeScale } from './kernels/householder.js';
import { implicitQl } from './kernels/implicit-ql.js';
import {
  chainNumbers,
  DirectChains,
  fromStrips,
  StripChains,
  stripNumbers,
  toStrips,
} from './kernels/rotation-chains.js';
import { tridiagonalize } from './kernels/tridiagonal.js';
import { loadMatrix, rowLengthFor, upToFour, workspace } from './kernels/workspace.js';
import { dimension, entries, target } from './matrix-argument.js';

/** A = QΛQᵀ. */
export interface SymmetricEigen {
  readonly kind: 'decomposed';
  readonly n: number;
  /** λ₀ ≤ λ₁ ≤ … */
  readonly values: Float64Array;
  /** Q, n×n, row-major: column k, the entries vectors[i·n + k], belongs to values[k]. */
  readonly vectors: Float64Array;
}

/** The iteration did not end within its budget, which no finite matrix is known to bring about. */
export interface NotConverged {
  readonly kind: 'notConverged';
}

/** Arrays to write into, so that repeated calls allocate none of their own. */
export interface SymmetricEigenWorkspace {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

const smallOrder = 16;
const chains = new DirectChains();
const held = {
  matrix: new Float64Array(smallOrder * smallOrder),
  offDiagonal: new Float64Array(smallOrder),
  work: new Float64Array(smallOrder),
};

/**
 * The eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = QΛQᵀ.
 *
 * Only the lower triangle of `a` is read. Householder tridiagonalisation, then the implicit QL iteration.
 * Source: Golub & Van Loan 2013, section 8.3.
 *
 * @param a n×n, row-major.
 * @throws RangeError when lengths disagree.
 * @example
 * const eigen = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
 * if (eigen.kind === 'decomposed') eigen.values; // [1, 3]
 */
export function symmetricEigen(
  a: Float64Array,
  n: number,
  into?: SymmetricEigenWorkspace,
): SymmetricEigen | NonFinite | NotConverged {
  dimension('symmetricEigen', 'n', n);
  entries('symmetricEigen', 'a', a, n, n);
  const values = target('symmetricEigen', into?.values, n);
  const vectors = target('symmetricEigen', into?.vectors, n, n);
  const largest = largestBelow(a, n);
  if (!(largest < Number.POSITIVE_INFINITY)) return nonFinite;
  const scale = safeScale(largest);
  const converged =
    n <= smallOrder ? small(a, n, scale, values, vectors) : inStrips(a, n, scale, values, vectors);
  if (!converged) return { kind: 'notConverged' };
  if (scale !== 1) for (let i = 0; i < n; i++) values[i] /= scale;
  // An eigenvalue may be n times the largest entry, and out of range.
  return allFinite(values) ? { kind: 'decomposed', n, values, vectors } : nonFinite;
}

/** The largest |aᵢⱼ| on and below the diagonal; NaN if there is one. */
function largestBelow(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i * n; j <= i * n + i; j++) {
      const size = Math.abs(a[j]);
      if (size <= largest) continue;
      if (Number.isNaN(size)) return size;
      largest = size;
    }
  }
  return largest;
}

function small(
  a: Float64Array,
  n: number,
  scale: number,
  values: Float64Array,
  vectors: Float64Array,
): boolean {
  const { matrix, offDiagonal, work } = held;
  for (let i = 0; i < n * n; i++) matrix[i] = a[i] * scale;
  tridiagonalize(matrix, n, values, offDiagonal, vectors, work);
  if (!implicitQl(values, offDiagonal, n, chains.reset(vectors, n, n))) return false;
  for (let k = 0; k < n - 1; k++) {
    let least = k;
    for (let j = k + 1; j < n; j++) if (values[j] < values[least]) least = j;
    if (least === k) continue;
    const value = values[k];
    values[k] = values[least];
    values[least] = value;
    for (let at = 0; at < n * n; at += n) {
      const entry = vectors[at + k];
      vectors[at + k] = vectors[at + least];
      vectors[at + least] = entry;
    }
  }
  return true;
}

function inStrips(
  a: Float64Array,
  n: number,
  scale: number,
  values: Float64Array,
  vectors: Float64Array,
): boolean {
  const rows = upToFour(n);
  const rowLength = rowLengthFor(n);
  const q = Math.max(rows * rowLength, stripNumbers(n, n));
  const scratch = q + rows * rowLength;
  const needed = Math.max(
    tridiagonalNumbers(rows, rowLength),
    reflectorNumbers(rows, rows, rowLength),
    chainNumbers(n),
  );
  const w = workspace(scratch + needed);
  const { numbers } = w;
  const [diagonal, offDiagonal, tau] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];

  loadMatrix(numbers, 0, rowLength, a, n, n);
  if (scale !== 1) for (let i = 0; i < rows * rowLength; i++) numbers[i] *= scale;
  tridiagonalizeInPanels(w, 0, n, rowLength, diagonal, offDiagonal, tau, scratch);

  numbers.fill(0, q, scratch);
  accumulateReflectors(w, 0, rowLength, tau, n, n, q, rowLength, scratch);
  toStrips(numbers, q, rowLength, 0, n, n);
  const strips = new StripChains(w, 0, n, n, scratch);
  if (!implicitQl(diagonal, offDiagonal, n, strips)) return false;
  strips.flush();
  const order = Uint32Array.from({ length: n }, (_, k) => k).sort((k, l) => diagonal[k] - diagonal[l]);
  for (let k = 0; k < n; k++) values[k] = diagonal[order[k]];
  fromStrips(numbers, 0, vectors, n, n, order);
  return true;
}
