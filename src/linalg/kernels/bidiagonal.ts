import { applyReflection, reflect, reflection } from './householder.js';

/**
 * Reduces a small rows×n matrix, rows ≥ n, to a lower bidiagonal one, A = Q·[0; B]·Pᵀ, from the last column back.
 *
 * `a`, row-major, is used up. bᵢᵢ = diagonal[i] and b_{i+1,i} = offDiagonal[i]. `q` (rows×n) and `p` (n×n)
 * receive the orthonormal columns. `lefts` has n·rows numbers, `rights` n·n, `tau` n, and `work` `rows`.
 *
 * Source: Golub & Kahan 1965.
 */
export function bidiagonalize(
  a: Float64Array,
  rows: number,
  n: number,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  q: Float64Array,
  p: Float64Array,
  { lefts, rights, leftTau, rightTau, work }: BidiagonalScratch,
): void {
  const above = rows - n;
  for (let i = n - 1; i >= 0; i--) {
    const left = i * rows;
    const height = above + i + 1;
    for (let j = 0; j < height; j++) lefts[left + j] = a[j * n + i];
    diagonal[i] = reflect(lefts, left, height, 1, height - 1);
    leftTau[i] = reflection.tau;
    applyReflection(lefts, left, height, leftTau[i], a, n, i, work);
    if (i === 0) break;
    const right = i * n;
    for (let k = 0; k < i; k++) rights[right + k] = a[(above + i) * n + k];
    offDiagonal[i - 1] = reflect(rights, right, i, 1, i - 1);
    rightTau[i] = reflection.tau;
    applyFromRight(rights, right, i, rightTau[i], a, n, above + i);
  }
  q.fill(0, 0, rows * n);
  p.fill(0, 0, n * n);
  for (let i = 0; i < n; i++) {
    q[(above + i) * n + i] = 1;
    p[i * n + i] = 1;
  }
  for (let i = 0; i < n; i++) {
    applyReflection(lefts, i * rows, above + i + 1, leftTau[i], q, n, i + 1, work);
    if (i > 0) applyReflection(rights, i * n, i, rightTau[i], p, n, i, work);
  }
}

export interface BidiagonalScratch {
  readonly lefts: Float64Array;
  readonly rights: Float64Array;
  readonly leftTau: Float64Array;
  readonly rightTau: Float64Array;
  readonly work: Float64Array;
}

/** A ← A(I − τvvᵀ) on the first `rows` rows, v `count` numbers long. */
function applyFromRight(
  vectors: Float64Array,
  at: number,
  count: number,
  tau: number,
  a: Float64Array,
  n: number,
  rows: number,
): void {
  if (tau === 0) return;
  for (let j = 0; j < rows; j++) {
    const row = j * n;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += a[row + k] * vectors[at + k];
    sum *= tau;
    for (let k = 0; k < count; k++) a[row + k] -= sum * vectors[at + k];
  }
}
