import { dot, matrixVector } from '../linalg/vector.js';

/**
 * The DFP update of an inverse Hessian, in place: H⁺ = H − Hy(Hy)ᵀ/yᵀHy + ssᵀ/yᵀs.
 *
 * H [n, n] stays symmetric to the bit; H⁺y = s; positive definite where H is and yᵀs > 0. `work` [n] is
 * overwritten.
 * Source: Davidon 1959, Fletcher and Powell 1963; Nocedal and Wright 2006, equation 6.15.
 */
export function updateInverseDfp(
  h: Float64Array,
  s: Float64Array,
  y: Float64Array,
  work: Float64Array,
): void {
  const n = s.length;
  matrixVector(h, y, work);
  const alongWork = -1 / dot(y, work);
  const alongStep = 1 / dot(y, s);
  for (let i = 0, row = 0; i < n; i++, row += n) {
    for (let j = 0; j < n; j++) h[row + j] += alongStep * (s[i] * s[j]) + alongWork * (work[i] * work[j]);
  }
}
