import { oneOf } from '../algebra/argument.js';
import { addProduct, productScratch, rowMajor, transposed } from './kernels/blocked-product.js';
import { substituteBlock, substitutionBlock } from './kernels/substitution.js';
import { loadMatrix, rowLengthFor, storeMatrix, upToFour, workspace } from './kernels/workspace.js';
import type { Singular } from './lu.js';
import { dimension, entries, target } from './matrix-argument.js';

/** Which triangle is read, and whether as its transpose. */
export type Triangle = 'lower' | 'upper' | 'lowerTransposed' | 'upperTransposed';

const triangles: readonly Triangle[] = ['lower', 'upper', 'lowerTransposed', 'upperTransposed'];

/**
 * Solves TX = B for a triangular T by substitution, with T lower or upper or the transpose of either.
 *
 * The other triangle is not read. Source: Golub & Van Loan 2013, section 3.1, in blocks of 32 rows.
 *
 * @param t n×n, row-major.
 * @param b n×columns, row-major.
 * @param into n·columns entries for X, which may be `b` itself.
 * @returns X, or the column of the first zero on the diagonal of T.
 * @throws RangeError when lengths disagree, TypeError on an unknown triangle.
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
  oneOf('triangularSolve', 'triangle', triangle, triangles);
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
  if (n > substitutionBlock && columns >= 8) inBlocks(t, n, transpose, forward, b, columns, x);
  else {
    if (x !== b) x.set(b);
    substitute(t, n, rowStride, columnStride, forward, x, columns);
  }
  return { kind: 'solved', x };
}

export interface Solved {
  readonly kind: 'solved';
  readonly x: Float64Array;
}

/** X ← T⁻¹X with T's entry (i, j) at t[i·rowStride + j·columnStride]. */
function substitute(
  t: Float64Array,
  n: number,
  rowStride: number,
  columnStride: number,
  forward: boolean,
  x: Float64Array,
  columns: number,
): void {
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    const row = i * columns;
    const to = forward ? i : n;
    for (let j = forward ? 0 : i + 1; j < to; j++) {
      const factor = t[i * rowStride + j * columnStride];
      const other = j * columns;
      for (let k = 0; k < columns; k++) x[row + k] -= factor * x[other + k];
    }
    const pivot = t[i * rowStride + i * columnStride];
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
  // Substitution may read three rows past the end, at factor 0: they must be numbers.
  const scratch = xAt + (rows + 4) * xLength;
  const w = workspace(scratch + productScratch(rows, width, substitutionBlock));
  loadMatrix(w.numbers, 0, tLength, t, n, n);
  loadMatrix(w.numbers, xAt, xLength, b, n, columns);
  w.numbers.fill(0, xAt + rows * xLength, scratch);
  const triangle = transpose ? transposed(rowMajor(0, tLength)) : rowMajor(0, tLength);
  for (let step = 0; step < rows; step += substitutionBlock) {
    const first = forward ? step : Math.floor((rows - 1 - step) / substitutionBlock) * substitutionBlock;
    const end = Math.min(first + substitutionBlock, n);
    substituteBlock(w, triangle, [first, end], forward, rowMajor(xAt, xLength), width, scratch);
    const [restFirst, restEnd] = forward ? [end, rows] : [0, first];
    if (restFirst >= restEnd) continue;
    const left = { ...triangle, at: restFirst * triangle.rowStride + first * triangle.columnStride };
    const solved = rowMajor(xAt + first * xLength, xLength);
    const c = xAt + restFirst * xLength;
    addProduct(w, -1, [restEnd - restFirst, width, end - first], left, solved, c, xLength, scratch);
  }
  storeMatrix(w.numbers, xAt, xLength, x, n, columns);
}
