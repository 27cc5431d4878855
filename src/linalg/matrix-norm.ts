import { oneOf } from '../algebra/argument.js';
import { dimension, entries } from './matrix-argument.js';
import { largest, norm } from './vector.js';

export type MatrixNorm = 'one' | 'infinity' | 'frobenius' | 'max';

const norms: readonly MatrixNorm[] = ['one', 'infinity', 'frobenius', 'max'];

/**
 * The norm of an m×n matrix: 'one', the largest column sum of |aᵢⱼ|; 'infinity', the largest row sum; 'frobenius',
 * √Σaᵢⱼ², which is ‖x‖₂ for a vector, safe from overflow; 'max', the largest |aᵢⱼ|. NaN if there is a NaN.
 *
 * @throws RangeError when lengths disagree, TypeError on an unknown norm.
 * @example matrixNorm('one', Float64Array.of(1, -2, 3, 4), 2, 2) // 6
 */
export function matrixNorm(which: MatrixNorm, a: Float64Array, m: number, n = 1): number {
  oneOf('matrixNorm', 'which', which, norms);
  dimension('matrixNorm', 'm', m);
  dimension('matrixNorm', 'n', n);
  entries('matrixNorm', 'a', a, m, n);
  if (which === 'one') return largestSum(a, n, m, 1, n);
  if (which === 'infinity') return largestSum(a, m, n, n, 1);
  return which === 'max' ? largest(a) : norm(a);
}

/** The largest of `lines` sums of |a|, line i being `count` numbers from i·line on, `stride` apart. */
function largestSum(a: Float64Array, lines: number, count: number, line: number, stride: number): number {
  let most = 0;
  for (let i = 0; i < lines; i++) {
    let sum = 0;
    for (let j = 0; j < count; j++) sum += Math.abs(a[i * line + j * stride]);
    if (Number.isNaN(sum)) return sum;
    if (sum > most) most = sum;
  }
  return most;
}

/**
 * An estimate of ‖A⁻¹‖₁ from solves with A and Aᵀ: a lower bound, rarely less than a third of the truth.
 *
 * κ₁(A) is about matrixNorm('one', A) times it. Source: Hager 1984; Higham 1988, algorithm 4.1.
 *
 * @param solve Overwrites its argument, n entries, with A⁻¹ times it.
 * @param solveTransposed Likewise with A⁻ᵀ; `solve` itself if A is symmetric.
 * @example inverseNormEstimate(2, (x) => choleskySolve(factored, x, x))
 */
export function inverseNormEstimate(
  n: number,
  solve: (x: Float64Array) => void,
  solveTransposed: (x: Float64Array) => void = solve,
): number {
  dimension('inverseNormEstimate', 'n', n);
  if (n === 0) return 0;
  const x = new Float64Array(n).fill(1 / n);
  solve(x);
  let estimate = matrixNorm('one', x, n);
  let last = -1;
  for (let round = 0; round < 5 && n > 1; round++) {
    for (let i = 0; i < n; i++) x[i] = x[i] < 0 ? -1 : 1;
    solveTransposed(x);
    let most = 0;
    for (let i = 1; i < n; i++) if (Math.abs(x[i]) > Math.abs(x[most])) most = i;
    if (most === last) break;
    last = most;
    x.fill(0);
    x[most] = 1;
    solve(x);
    const next = matrixNorm('one', x, n);
    if (!(next > estimate)) break;
    estimate = next;
  }
  // A vector of growing entries and changing signs catches what cancellation hid.
  for (let i = 0; i < n; i++) x[i] = (i % 2 === 0 ? 1 : -1) * (1 + (n > 1 ? i / (n - 1) : 0));
  solve(x);
  return Math.max(estimate, (2 * matrixNorm('one', x, n)) / (3 * n));
}
