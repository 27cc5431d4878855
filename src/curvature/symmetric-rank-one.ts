import { dot, matrixVector, norm } from '../linalg/vector.js';

/** Updates whose denominator is smaller than this fraction of its factors' norms are left out. */
const smallestAngle = 1e-8;

/**
 * The symmetric rank-one update, in place: B⁺ = B + vvᵀ/vᵀs with v = y − Bs, so that B⁺s = y.
 *
 * With (s, y) given as (y, s) it updates the inverse. B [n, n] stays symmetric to the bit and may become
 * indefinite. Answers false, and leaves B unchanged, where |vᵀs| < 10⁻⁸‖s‖‖v‖ or v is no more than the rounding
 * error of y − Bs. `work` [n] is overwritten. (It is often called Broyden's, which is `updateBroyden`; and vvᵀ without the quotient cannot
 * satisfy the secant equation where vᵀs < 0.)
 * Source: Davidon 1959; Conn, Gould and Toint 1991; skip rule: Nocedal and Wright 2006, equation 6.26.
 */
export function updateSymmetricRankOne(
  b: Float64Array,
  s: Float64Array,
  y: Float64Array,
  work: Float64Array,
): boolean {
  const n = s.length;
  matrixVector(b, s, work);
  const expected = norm(work);
  for (let i = 0; i < n; i++) work[i] = y[i] - work[i];
  // A pair known already leaves rounding errors alone, which a small angle would blow up.
  if (!(norm(work) > n * Number.EPSILON * (norm(y) + expected))) return false;
  const denominator = dot(work, s);
  if (!(Math.abs(denominator) > smallestAngle * norm(s) * norm(work))) return false;
  for (let i = 0, row = 0; i < n; i++, row += n) {
    for (let j = 0; j < n; j++) b[row + j] += (work[i] * work[j]) / denominator;
  }
  return true;
}
