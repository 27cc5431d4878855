import { type NonFinite, nonFinite } from './finite.js';
import { upToFour, workspace } from './kernels/workspace.js';
import { dimension, entries, target } from './matrix-argument.js';

/** A = LLᵀ. */
export interface Cholesky {
  readonly kind: 'factored';
  readonly n: number;
  /** L, n×n, row-major, zeros above the diagonal. */
  readonly factor: Float64Array;
}

/** The leading block of pivot + 1 rows is not positive definite; so neither is the matrix. */
export interface NotPositiveDefinite {
  readonly kind: 'notPositiveDefinite';
  /** Counts from 0. */
  readonly pivot: number;
}

const smallOrder = 16;

/**
 * The Cholesky factorisation A = LLᵀ of a symmetric positive definite matrix.
 *
 * Only the lower triangle of `a` is read. Source: Golub & Van Loan 2013, section 4.2; LAPACK's potrf.
 *
 * @param a n×n, row-major.
 * @param into n·n entries for L, which may be `a` itself. On failure their contents are undefined.
 * @returns The factor, or the first pivot that is not positive, or that something is not finite.
 * @throws RangeError when lengths disagree.
 * @example
 * const factored = cholesky(Float64Array.of(4, 2, 2, 2), 2);
 * if (factored.kind === 'factored') choleskySolve(factored, Float64Array.of(6, 4)); // [1, 1]
 */
export function cholesky(
  a: Float64Array,
  n: number,
  into?: Float64Array,
): Cholesky | NotPositiveDefinite | NonFinite {
  dimension('cholesky', 'n', n);
  entries('cholesky', 'a', a, n, n);
  const factor = target('cholesky', into, n, n);
  const pivot = n <= smallOrder ? factorSmall(a, n, factor) : factorPanels(a, n, factor);
  // Overflow and ±∞ reach the diagonal of L or make a pivot NaN, so only failures need a closer look.
  if (pivot < 0) return diagonalFinite(factor, n) ? { kind: 'factored', n, factor } : nonFinite;
  return lowerFinite(a, n, pivot) ? { kind: 'notPositiveDefinite', pivot } : nonFinite;
}

/**
 * Solves Ax = b, A = LLᵀ; `into` may be b itself.
 *
 * @throws RangeError when lengths disagree.
 * @example choleskySolve(factored, Float64Array.of(6, 4))
 */
export function choleskySolve({ n, factor }: Cholesky, b: Float64Array, into?: Float64Array): Float64Array {
  entries('choleskySolve', 'b', b, n);
  const x = target('choleskySolve', into, n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= factor[row + j] * x[j];
    x[i] = sum / factor[row + i];
  }
  // Lᵀ by columns, which are L's rows: every pass is along memory.
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    const solved = x[i] / factor[row + i];
    x[i] = solved;
    for (let j = 0; j < i; j++) x[j] -= factor[row + j] * solved;
  }
  return x;
}

/** log det A = 2 Σ log lᵢᵢ, which does not overflow where det A does. */
export function choleskyLogDeterminant({ n, factor }: Cholesky): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(factor[i * n + i]);
  return 2 * sum;
}

function diagonalFinite(factor: Float64Array, n: number): boolean {
  let total = 0;
  for (let i = 0; i < n; i++) total += factor[i * n + i] - factor[i * n + i];
  return total === 0;
}

function lowerFinite(a: Float64Array, n: number, lastRow: number): boolean {
  let total = 0;
  for (let i = 0; i <= lastRow; i++) for (let j = 0; j <= i; j++) total += a[i * n + j] - a[i * n + j];
  return total === 0;
}

/** @returns The first pivot that is not positive, or −1. */
function factorSmall(a: Float64Array, n: number, l: Float64Array): number {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      const other = j * n;
      let sum = a[row + j];
      for (let k = 0; k < j; k++) sum -= l[row + k] * l[other + k];
      l[row + j] = sum / l[other + j];
    }
    let pivot = a[row + i];
    for (let k = 0; k < i; k++) pivot -= l[row + k] * l[row + k];
    if (!(pivot > 0)) return i;
    l[row + i] = Math.sqrt(pivot);
    for (let j = i + 1; j < n; j++) l[row + j] = 0;
  }
  return -1;
}

/** @returns The first pivot that is not positive, or −1. */
function factorPanels(a: Float64Array, n: number, l: Float64Array): number {
  const order = upToFour(n);
  const w = workspace(order * order);
  const { numbers } = w;
  const panel = 4 * order;
  for (let i = 0; i < n; i++) {
    let to = (i >> 2) * panel + (i & 3);
    const row = i * n;
    for (let j = row; j <= row + i; j++, to += 4) numbers[to] = a[j];
  }
  // The rows that fill up the last panel are those of the identity.
  for (let i = n; i < order; i++) {
    const to = (i >> 2) * panel + (i & 3);
    for (let j = 0; j < i; j++) numbers[to + 4 * j] = 0;
    numbers[to + 4 * i] = 1;
  }
  const pivot = w.choleskyPanels(0, order);
  if (pivot >= 0) return pivot;
  l.fill(0);
  for (let i = 0; i < n; i++) {
    let from = (i >> 2) * panel + (i & 3);
    const row = i * n;
    for (let j = row; j <= row + i; j++, from += 4) l[j] = numbers[from];
  }
  return -1;
}
