import { beneathNotice, CoupledBlocks } from './coupled-blocks.js';
import type { RotationChains } from './rotation-chains.js';

/**
 * The eigenvalues of a symmetric tridiagonal matrix by the implicit QL (or, seen from below, QR) iteration.
 *
 * `diagonal` holds d₀ … d_{n−1} and becomes the eigenvalues, unsorted; `offDiagonal[i]` couples i and i+1, has
 * n entries, and is used up. The rotations go to `chains`, so that Z ← Z·G makes eigenvectors of the columns.
 * An off-diagonal entry is dropped when |eᵢ| ≤ ε(|dᵢ| + |dᵢ₊₁|), or below 2⁻¹⁰⁰ of the largest entry.
 *
 * Source: Dubrulle, Martin & Wilkinson 1968; the choice of the end with the smaller entry as in LAPACK's steqr.
 *
 * @returns false if an eigenvalue did not appear within sixty iterations.
 */
export function implicitQl(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  n: number,
  chains: RotationChains,
): boolean {
  const blocks = new CoupledBlocks(diagonal, offDiagonal, n, 2 ** -100, 2 ** -52);
  let direction: 1 | -1 = 1;
  while (blocks.next()) {
    const { low, high } = blocks;
    // A graded matrix converges towards its small end; turning round inside a block would undo progress.
    if (blocks.fresh) direction = Math.abs(diagonal[low]) <= Math.abs(diagonal[high]) ? 1 : -1;
    if (direction === 1) sweep(diagonal, offDiagonal, low, high, 1, chains);
    else sweep(diagonal, offDiagonal, high, low, -1, chains);
  }
  return blocks.done;
}

/** One iteration with Wilkinson's shift on the block from `first` to `last`, aimed at the entry `first`. */
function sweep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  direction: 1 | -1,
  chains: RotationChains,
): void {
  // e[i + between] couples i and i + direction.
  const between = direction === 1 ? 0 : -1;
  const { rotations } = chains;
  let to = chains.at;
  const coupling = e[first + between];
  const half = (d[first + direction] - d[first]) / (2 * coupling);
  const root = Math.sqrt(half * half + 1);
  let g = d[last] - d[first] + coupling / (half + (half < 0 ? -root : root));
  let s = 1;
  let c = 1;
  let p = 0;
  let i = last - direction;
  for (; i !== first - direction; i -= direction) {
    const f = s * e[i + between];
    const b = c * e[i + between];
    const r = Math.sqrt(f * f + g * g);
    const vanished = r < beneathNotice;
    if (i + direction !== last) e[i + direction + between] = vanished ? 0 : r;
    if (vanished) break;
    s = f / r;
    c = g / r;
    g = d[i + direction] - p;
    const q = (d[i] - g) * s + 2 * c * b;
    p = s * q;
    d[i + direction] = g + p;
    g = c * q - b;
    rotations[to] = c;
    rotations[to + 1] = s;
    to += 2;
  }
  if (i === first - direction) {
    d[first] -= p;
    e[first + between] = g;
  } else {
    d[i + direction] -= p;
  }
  chains.end(last, -direction as 1 | -1, (to - chains.at) / 2);
}
