import { applyReflection, reflect, reflection } from './householder.js';

/**
 * Reduces a small symmetric matrix to a tridiagonal one, A = QTQᵀ, from the last row upward.
 *
 * Reads the lower triangle of `a`, which is used up. `diagonal` and `offDiagonal` (entry i couples i and i + 1)
 * receive T, `q` the orthogonal matrix; all n×n arrays are row-major. `work` has n numbers.
 *
 * Source: Martin, Reinsch & Wilkinson 1968 (tred2).
 */
export function tridiagonalize(
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  q: Float64Array,
  work: Float64Array,
): void {
  q.fill(0, 0, n * n);
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    diagonal[i] = a[row + i];
    q[row + i] = 1;
    if (i === 0) break;
    offDiagonal[i - 1] = reflect(a, row, i, 1, i - 1);
    // τ has its place on the diagonal, free by now.
    a[row + i] = reflection.tau;
    if (reflection.tau !== 0) applyBothSides(a, n, i, reflection.tau, work);
  }
  if (n > 0) offDiagonal[n - 1] = 0;
  for (let i = 1; i < n; i++) applyReflection(a, i * n, i, a[i * n + i], q, n, i, work);
}

/** A ← HAH on the leading i×i block, H = I − τvvᵀ with v in row i. */
function applyBothSides(a: Float64Array, n: number, i: number, tau: number, w: Float64Array): void {
  const v = i * n;
  for (let j = 0; j < i; j++) w[j] = 0;
  for (let j = 0; j < i; j++) {
    const row = j * n;
    const vj = a[v + j];
    let sum = a[row + j] * vj;
    for (let k = 0; k < j; k++) {
      sum += a[row + k] * a[v + k];
      w[k] += a[row + k] * vj;
    }
    w[j] += sum;
  }
  let inner = 0;
  for (let j = 0; j < i; j++) inner += w[j] * a[v + j];
  const half = (tau * tau * inner) / 2;
  for (let j = 0; j < i; j++) w[j] = tau * w[j] - half * a[v + j];
  for (let j = 0; j < i; j++) {
    const row = j * n;
    const vj = a[v + j];
    const wj = w[j];
    for (let k = 0; k <= j; k++) a[row + k] -= vj * w[k] + wj * a[v + k];
  }
}
