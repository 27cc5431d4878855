import { oneOf } from '../algebra/argument.js';
import { addProduct, productScratch, rowMajor, transposed } from './kernels/blocked-product.js';
import { storeMatrix, upToFour, workspace } from './kernels/workspace.js';
import { dimension, entries, target } from './matrix-argument.js';

/** Which operand is read as its transpose. */
export type Transposed = 'none' | 'left' | 'right' | 'both';

const ways: readonly Transposed[] = ['none', 'left', 'right', 'both'];

/** Below so many multiplications plain loops are faster than copying to the kernels and back. */
const smallProduct = 1000;

/**
 * The product of two matrices, C = L·R, either of them read as its transpose.
 *
 * L is rows×inner and R inner×columns after transposing: with 'left', `left` is stored inner×rows; with 'right',
 * `right` is stored columns×inner. All row-major. NaN and ±∞ pass through as arithmetic has them. The same
 * operands give the same bits on every machine: nothing is fused.
 *
 * @param into rows·columns entries to write to, neither `left` nor `right`.
 * @throws RangeError when lengths disagree or `into` is an operand, TypeError on an unknown `transpose`.
 * @example multiply(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 1), 2, 2, 1) // [3, 7]
 */
export function multiply(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
  transpose: Transposed = 'none',
  into?: Float64Array,
): Float64Array {
  oneOf('multiply', 'transpose', transpose, ways);
  dimension('multiply', 'rows', rows);
  dimension('multiply', 'inner', inner);
  dimension('multiply', 'columns', columns);
  entries('multiply', 'left', left, rows, inner);
  entries('multiply', 'right', right, inner, columns);
  const c = target('multiply', into, rows, columns);
  if (c === left || c === right) {
    throw new RangeError('multiply(into): expected an array other than the operands, got one of them');
  }
  const leftT = transpose === 'left' || transpose === 'both';
  const rightT = transpose === 'right' || transpose === 'both';
  if (rows * inner * columns <= smallProduct) small(left, right, rows, inner, columns, leftT, rightT, c);
  else blocked(left, right, rows, inner, columns, leftT, rightT, c);
  return c;
}

function small(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
  leftT: boolean,
  rightT: boolean,
  c: Float64Array,
): void {
  const leftRow = leftT ? 1 : inner;
  const leftColumn = leftT ? rows : 1;
  const rightRow = rightT ? 1 : columns;
  const rightColumn = rightT ? inner : 1;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      let l = i * leftRow;
      let r = j * rightColumn;
      for (let k = 0; k < inner; k++) {
        sum += left[l] * right[r];
        l += leftColumn;
        r += rightRow;
      }
      c[i * columns + j] = sum;
    }
  }
}

function blocked(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
  leftT: boolean,
  rightT: boolean,
  c: Float64Array,
): void {
  // Packing reads up to three rows or columns past the end of an operand; what comes of them is never copied back.
  const [m, n] = [upToFour(rows), upToFour(columns)];
  const rightAt = upToFour(left.length) + 4 * Math.max(rows, inner);
  const cAt = rightAt + upToFour(right.length) + 4 * Math.max(inner, columns);
  const scratch = cAt + m * n;
  const w = workspace(scratch + productScratch(m, n, inner));
  const { numbers } = w;
  numbers.set(left, 0);
  numbers.set(right, rightAt);
  numbers.fill(0, cAt, scratch);
  const l = leftT ? transposed(rowMajor(0, rows)) : rowMajor(0, inner);
  const r = rightT ? transposed(rowMajor(rightAt, inner)) : rowMajor(rightAt, columns);
  addProduct(w, 1, [m, n, inner], l, r, cAt, n, scratch);
  if (n === columns) c.set(numbers.subarray(cAt, cAt + rows * columns));
  else storeMatrix(numbers, cAt, n, c, rows, columns);
}
