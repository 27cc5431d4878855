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
  addSymmetric(h, s, work);
}

/** H ← H + usᵀ + suᵀ, four rows at a time. */
function addSymmetric(h: Float64Array, s: Float64Array, u: Float64Array): void {
  const n = s.length;
  const whole = n - (n % 4);
  for (let i = 0; i < whole; i += 4) {
    const s0 = s[i];
    const s1 = s[i + 1];
    const s2 = s[i + 2];
    const s3 = s[i + 3];
    const u0 = u[i];
    const u1 = u[i + 1];
    const u2 = u[i + 2];
    const u3 = u[i + 3];
    for (let j = 0, at = i * n; j < n; j++, at++) {
      const sj = s[j];
      const uj = u[j];
      h[at] += u0 * sj + s0 * uj;
      h[at + n] += u1 * sj + s1 * uj;
      h[at + 2 * n] += u2 * sj + s2 * uj;
      h[at + 3 * n] += u3 * sj + s3 * uj;
    }
  }
  for (let i = whole, row = whole * n; i < n; i++, row += n) {
    for (let j = 0; j < n; j++) h[row + j] += u[i] * s[j] + s[i] * u[j];
  }
}
