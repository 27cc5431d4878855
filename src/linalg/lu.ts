import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { addProduct, productScratch, rowMajor } from './kernels/blocked-product.js';
import { loadMatrix, rowLengthFor, storeMatrix, upToFour, workspace } from './kernels/workspace.js';
import { dimension, entries, target } from './matrix-argument.js';

/** Up to this order plain loops are faster than the kernels. */
const smallOrder = 48;
/** A multiple of 4. */
const panelColumns = 16;

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

/** Room for the factors of an n×n matrix. */
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
  const singular =
    n <= smallOrder ? eliminate(factors, n, n, 0, n, pivots) : eliminateInPanels(factors, n, pivots);
  if (singular >= 0) return { kind: 'singular', column: singular };
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

/** Exchanges the rows of an n×n matrix in the order in which the pivots did. */
export function permuteRows(a: Float64Array, n: number, pivots: Int32Array): void {
  for (let k = 0; k < n; k++) if (pivots[k] !== k) exchangeRows(a, n, 0, n, k, pivots[k]);
}

function exchangeRows(
  a: Float64Array,
  rowLength: number,
  first: number,
  end: number,
  i: number,
  j: number,
): void {
  for (let k = first; k < end; k++) {
    const entry = a[i * rowLength + k];
    a[i * rowLength + k] = a[j * rowLength + k];
    a[j * rowLength + k] = entry;
  }
}

/**
 * Eliminates in the columns from `first` to before `end`, below row `first`, exchanging parts of rows there only.
 *
 * @returns The first column without a pivot, or −1.
 */
function eliminate(
  a: Float64Array,
  n: number,
  rowLength: number,
  first: number,
  end: number,
  pivots: Int32Array,
): number {
  for (let k = first; k < end; k++) {
    let pivot = k;
    let largest = Math.abs(a[k * rowLength + k]);
    for (let i = k + 1; i < n; i++) {
      const size = Math.abs(a[i * rowLength + k]);
      if (size > largest) {
        largest = size;
        pivot = i;
      }
    }
    pivots[k] = pivot;
    // Overflow on the way leaves a NaN, which is told from a zero at the end.
    if (largest === 0) return k;
    if (pivot !== k) exchangeRows(a, rowLength, first, end, k, pivot);
    const row = k * rowLength;
    for (let i = k + 1; i < n; i++) {
      const at = i * rowLength;
      const factor = a[at + k] / a[row + k];
      a[at + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < end; j++) a[at + j] -= factor * a[row + j];
    }
  }
  return -1;
}

/** The same in panels of 16 columns, so that most of the work is products of matrices (LAPACK's getrf). */
function eliminateInPanels(factors: Float64Array, n: number, pivots: Int32Array): number {
  const rows = upToFour(n);
  const rowLength = rowLengthFor(n);
  const scratch = rows * rowLength;
  const w = workspace(scratch + productScratch(rows, rows, panelColumns));
  const { numbers } = w;
  loadMatrix(numbers, 0, rowLength, factors, n, n);
  for (let k = 0; k < n; k += panelColumns) {
    const end = Math.min(k + panelColumns, n);
    const singular = eliminate(numbers, n, rowLength, k, end, pivots);
    if (singular >= 0) return singular;
    for (let i = k; i < end; i++) {
      if (pivots[i] === i) continue;
      exchangeRows(numbers, rowLength, 0, k, i, pivots[i]);
      exchangeRows(numbers, rowLength, end, n, i, pivots[i]);
    }
    if (end === n) break;
    for (let i = k + 1; i < end; i++) {
      for (let l = k; l < i; l++) {
        const factor = numbers[i * rowLength + l];
        for (let j = end; j < n; j++) numbers[i * rowLength + j] -= factor * numbers[l * rowLength + j];
      }
    }
    const left = rowMajor(end * rowLength + k, rowLength);
    const right = rowMajor(k * rowLength + end, rowLength);
    const sizes = [rows - end, rows - end, panelColumns] as const;
    addProduct(w, -1, sizes, left, right, end * rowLength + end, rowLength, scratch);
  }
  storeMatrix(numbers, 0, rowLength, factors, n, n);
  return -1;
}
