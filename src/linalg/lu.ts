import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { dimension, entries, target } from './matrix-argument.js';

/** PA = LU: `factors` holds U on and above the diagonal and L, whose diagonal is 1, below. */
export interface Lu {
  readonly kind: 'factored';
  readonly n: number;
  /** n×n, row-major. */
  readonly factors: Float64Array;
  /** At step k row k changed places with row pivots[k] ≥ k. */
  readonly pivots: Int32Array;
}

/** Elimination found no pivot other than zero in this column. */
export interface Singular {
  readonly kind: 'singular';
  readonly column: number;
}

/** Arrays to write into, so that repeated calls allocate none. `factors` may be the matrix itself. */
export interface LuWorkspace {
  readonly factors: Float64Array;
  readonly pivots: Int32Array;
}

export function luWorkspace(n: number): LuWorkspace {
  return { factors: new Float64Array(n * n), pivots: new Int32Array(n) };
}

/**
 * Factors a square matrix by Gaussian elimination with partial pivoting, PA = LU.
 *
 * Source: Golub & Van Loan 2013, algorithm 3.4.1.
 *
 * @param a n×n, row-major.
 * @returns The factors, or the column in which no pivot other than zero was left, or that something is not finite.
 * @throws RangeError when lengths disagree.
 * @example
 * const factored = lu(Float64Array.of(0, 1, 2, 3), 2);
 * if (factored.kind === 'factored') luSolve(factored, Float64Array.of(1, 5)); // [1, 1]
 */
export function lu(a: Float64Array, n: number, into?: LuWorkspace): Lu | Singular | NonFinite {
  dimension('lu', 'n', n);
  entries('lu', 'a', a, n, n);
  const { factors, pivots } = into ?? luWorkspace(n);
  entries('lu', 'into.factors', factors, n, n);
  if (pivots.length !== n)
    throw new RangeError(`lu(into.pivots): expected ${n} entries, got ${pivots.length}`);
  if (!allFinite(a)) return nonFinite;
  if (factors !== a) factors.set(a);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    let largest = Math.abs(factors[k * n + k]);
    for (let i = k + 1; i < n; i++) {
      const size = Math.abs(factors[i * n + k]);
      if (size > largest) {
        largest = size;
        pivot = i;
      }
    }
    pivots[k] = pivot;
    if (largest === 0) return { kind: 'singular', column: k };
    if (pivot !== k) swapRows(factors, n, k, pivot);
    eliminate(factors, n, k);
  }
  return allFinite(factors) ? { kind: 'factored', n, factors, pivots } : nonFinite;
}

/**
 * Solves Ax = b with the factors of A; `into` may be b itself.
 *
 * @param b n entries.
 * @throws RangeError when lengths disagree.
 * @example luSolve(factored, Float64Array.of(1, 5))
 */
export function luSolve(factored: Lu, b: Float64Array, into?: Float64Array): Float64Array {
  const { n, factors, pivots } = factored;
  entries('luSolve', 'b', b, n);
  const x = target('luSolve', into, n);
  if (x !== b) x.set(b);
  for (let k = 0; k < n; k++) {
    const moved = x[pivots[k]];
    x[pivots[k]] = x[k];
    x[k] = moved;
  }
  for (let i = 1; i < n; i++) {
    let sum = x[i];
    for (let j = 0; j < i; j++) sum -= factors[i * n + j] * x[j];
    x[i] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let j = i + 1; j < n; j++) sum -= factors[i * n + j] * x[j];
    x[i] = sum / factors[i * n + i];
  }
  return x;
}

/** det A = ± ∏ uᵢᵢ, one change of sign for every two rows that changed places. */
export function luDeterminant({ n, factors, pivots }: Lu): number {
  let determinant = 1;
  for (let k = 0; k < n; k++) determinant *= pivots[k] === k ? factors[k * n + k] : -factors[k * n + k];
  return determinant;
}

function swapRows(a: Float64Array, n: number, i: number, j: number): void {
  for (let k = 0; k < n; k++) {
    const held = a[i * n + k];
    a[i * n + k] = a[j * n + k];
    a[j * n + k] = held;
  }
}

function eliminate(a: Float64Array, n: number, k: number): void {
  const row = k * n;
  for (let i = k + 1; i < n; i++) {
    const at = i * n;
    const factor = a[at + k] / a[row + k];
    a[at + k] = factor;
    if (factor === 0) continue;
    for (let j = k + 1; j < n; j++) a[at + j] -= factor * a[row + j];
  }
}
