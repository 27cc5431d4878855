import { addProduct, productScratch, rowMajor, transposed } from './blocked-product.js';
import type { Singular } from './lu.js';
import { dimension, entries, target } from './matrix-argument.js';
import { loadMatrix, rowLengthFor, storeMatrix, upToFour, workspace } from './workspace.js';

/** Which triangle is read, and whether as its transpose. */
export type Triangle = 'lower' | 'upper' | 'lowerTransposed' | 'upperTransposed';

const block = 32;

/**
 * Solves TX = B for a triangular T by substitution, with T lower or upper or the transpose of either.
 *
 * The other triangle is not read. Source: Golub & Van Loan 2013, section 3.1, in blocks of 32 rows.
 *
 * @param t n×n, row-major.
 * @param b n×columns, row-major.
 * @param into n·columns entries for X, which may be `b` itself.
 * @returns X, or the column of the first zero on the diagonal of T.
 * @throws RangeError when lengths disagree.
 * @example triangularSolve('lower', Float64Array.of(2, 0, 1, 1), 2, Float64Array.of(2, 3)) // { kind: 'solved', x: [1, 2] }
 */
export function triangularSolve(
  triangle: Triangle,
  t: Float64Array,
  n: number,
  b: Float64Array,
  columns = 1,
  into?: Float64Array,
): Solved | Singular {
  dimension('triangularSolve', 'n', n);
  dimension('triangularSolve', 'columns', columns);
  entries('triangularSolve', 't', t, n, n);
  entries('triangularSolve', 'b', b, n, columns);
  const x = target('triangularSolve', into, n, columns);
  for (let i = 0; i < n; i++) if (t[i * n + i] === 0) return { kind: 'singular', column: i };
  const transpose = triangle === 'lowerTransposed' || triangle === 'upperTransposed';
  const rowStride = transpose ? 1 : n;
  const columnStride = transpose ? n : 1;
  const forward = triangle === 'lower' || triangle === 'upperTransposed';
  if (n > 2 * block && columns >= 8) inBlocks(t, n, transpose, forward, b, columns, x);
  else {
    if (x !== b) x.set(b);
    substitute(t, 0, rowStride, columnStride, 0, n, forward, x, 0, columns, columns);
  }
  return { kind: 'solved', x };
}

export interface Solved {
  readonly kind: 'solved';
  readonly x: Float64Array;
}

/** X ← T⁻¹X for the rows from `first` to before `end`, T's entry (i, j) at t[at + i·rowStride + j·columnStride]. */
function substitute(
  t: Float64Array,
  at: number,
  rowStride: number,
  columnStride: number,
  first: number,
  end: number,
  forward: boolean,
  x: Float64Array,
  xAt: number,
  columns: number,
  xLength: number,
): void {
  for (let step = first; step < end; step++) {
    const i = forward ? step : first + end - 1 - step;
    const row = xAt + i * xLength;
    const from = forward ? first : i + 1;
    const to = forward ? i : end;
    const pivot = t[at + i * rowStride + i * columnStride];
    for (let j = from; j < to; j++) {
      const factor = t[at + i * rowStride + j * columnStride];
      const other = xAt + j * xLength;
      for (let k = 0; k < columns; k++) x[row + k] -= factor * x[other + k];
    }
    for (let k = 0; k < columns; k++) x[row + k] /= pivot;
  }
}

function inBlocks(
  t: Float64Array,
  n: number,
  transpose: boolean,
  forward: boolean,
  b: Float64Array,
  columns: number,
  x: Float64Array,
): void {
  const [rows, width] = [upToFour(n), upToFour(columns)];
  const [tLength, xLength] = [rowLengthFor(n), rowLengthFor(columns)];
  const xAt = rows * tLength;
  const scratch = xAt + rows * xLength;
  const w = workspace(scratch + productScratch(rows, width, block));
  const { numbers } = w;
  loadMatrix(numbers, 0, tLength, t, n, n);
  loadMatrix(numbers, xAt, xLength, b, n, columns);
  const operand = transpose ? transposed(rowMajor(0, tLength)) : rowMajor(0, tLength);
  for (let step = 0; step < rows; step += block) {
    // From the end, the blocks still begin at multiples of 32.
    const first = forward ? step : Math.floor((rows - 1 - step) / block) * block;
    const end = Math.min(first + block, n);
    substitute(
      numbers,
      0,
      operand.rowStride,
      operand.columnStride,
      first,
      end,
      forward,
      numbers,
      xAt,
      columns,
      xLength,
    );
    const [restFirst, restEnd] = forward ? [first + block, rows] : [0, first];
    if (restFirst >= restEnd) continue;
    const left = {
      ...operand,
      at: restFirst * operand.rowStride + first * operand.columnStride,
    };
    const solved = rowMajor(xAt + first * xLength, xLength);
    const c = xAt + restFirst * xLength;
    addProduct(w, -1, [restEnd - restFirst, width, end - first], left, solved, c, xLength, scratch);
  }
  storeMatrix(numbers, xAt, xLength, x, n, columns);
}
