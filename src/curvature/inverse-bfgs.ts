import { dot, matrixVector } from '../linalg/vector.js';

/**
 * The BFGS update of an inverse Hessian, in place: H⁺ = (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ with ρ = 1/yᵀs.
 *
 * Computed as the symmetric rank-two change usᵀ + suᵀ, u = ½ρ(1 + ρyᵀHy)s − ρHy, so that a symmetric H [n, n]
 * stays so to the bit. H⁺y = s; a positive definite H stays so where yᵀs > 0, which is the caller's to check.
 * `work` [n] is overwritten.
 * Source: Nocedal and Wright 2006, equation 6.17.
 */
export function updateInverseBfgs(
  h: Float64Array,
  s: Float64Array,
  y: Float64Array,
  work: Float64Array,
): void {
  const n = s.length;
  const rho = 1 / dot(y, s);
  matrixVector(h, y, work);
  const half = (rho * (1 + rho * dot(y, work))) / 2;
  for (let i = 0; i < n; i++) work[i] = half * s[i] - rho * work[i];
  for (let i = 0, row = 0; i < n; i++, row += n) {
    const si = s[i];
    const ui = work[i];
    for (let j = 0; j < n; j++) h[row + j] += ui * s[j] + si * work[j];
  }
}
