import { dot, matrixVector, norm } from '../linalg/vector.js';

const smallestAngle = 1e-12;

/**
 * Broyden's good update of a Jacobian, in place: J⁺ = J + (y − Js)sᵀ/sᵀs, the least change (Frobenius) with
 * J⁺s = y. J is [n, n], not symmetric in general. `work` [n] is overwritten.
 * Source: Broyden 1965, equation 4.5.
 */
export function updateBroyden(j: Float64Array, s: Float64Array, y: Float64Array, work: Float64Array): void {
  const n = s.length;
  const length = dot(s, s);
  matrixVector(j, s, work);
  for (let i = 0, row = 0; i < n; i++, row += n) {
    const change = (y[i] - work[i]) / length;
    for (let k = 0; k < n; k++) j[row + k] += change * s[k];
  }
}

/**
 * The same update of the inverse H = J⁻¹, in place: H⁺ = H + (s − Hy)sᵀH/sᵀHy, so that H⁺y = s.
 *
 * Answers false, and leaves H unchanged, where sᵀHy is too small to divide by. `work` [2n] is overwritten.
 * Source: Sherman and Morrison 1950; Broyden 1965, equation 4.6.
 */
export function updateInverseBroyden(
  h: Float64Array,
  s: Float64Array,
  y: Float64Array,
  work: Float64Array,
): boolean {
  const n = s.length;
  const product = work.subarray(0, n);
  const row = work.subarray(n, 2 * n);
  matrixVector(h, y, product);
  const denominator = dot(s, product);
  if (!(Math.abs(denominator) > smallestAngle * norm(s) * norm(product))) return false;
  row.fill(0);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) row[k] += s[i] * h[i * n + k];
  for (let i = 0; i < n; i++) {
    const change = (s[i] - product[i]) / denominator;
    for (let k = 0; k < n; k++) h[i * n + k] += change * row[k];
  }
  return true;
}
