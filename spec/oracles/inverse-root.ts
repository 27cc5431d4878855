import type { RootSubject } from '../subjects/roots.js';
import { jacobi } from './dense/matrices.js';

/** Q·diag((λᵢ + ridge·λ₁)^(−power))·Qᵀ; eigenvalues that are the rounding of zeros are left out. */
export function jacobiRoot(matrix: Float64Array, n: number, power: number, ridge = 0): Float64Array {
  const { values, vectors } = jacobi(matrix, n);
  const most = Math.max(0, ...values);
  const root = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const lifted = Math.max(values[k], 0) + ridge * most;
    if (!(lifted > n * 2 ** -52 * most)) continue;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        root[i * n + j] += vectors[i * n + k] * lifted ** -power * vectors[j * n + k];
    }
  }
  return root;
}

/** A^(−1/p) by Jacobi's rotations. */
export const inverseRootOracle: RootSubject = {
  kind: 'root',
  name: 'inverseRoot (naive)',
  epsilon: 2 ** -52,
  claims: ['53', '84'],
  invert: (matrix, n, p) => jacobiRoot(matrix, n, 1 / p),
  scope: (body) => body(),
};
