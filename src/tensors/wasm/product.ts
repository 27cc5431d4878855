import { blockColumns, blockRows } from './product-kernels.js';
import type { Team } from './team.js';

/** A matrix in memory, or a stack of them: entries, addresses and strides count bytes. */
export interface Operand {
  readonly address: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** From one matrix of the stack to the next, 0 where one serves for all. */
  readonly matrixStride: number;
  /** From one head of a matrix to the next, where the stack is one of heads within matrices. */
  readonly headStride?: number;
}

/** C = A·B + bias over a stack: A of rows×inner, B of inner×columns. */
export interface Product {
  readonly left: Operand;
  readonly right: Operand;
  /** Its columns lie side by side. */
  readonly result: Operand;
  /** The address of one row to add to every row; 0 for none. */
  readonly bias?: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly matrices: number;
  readonly heads?: number;
}

/** Multiplications and additions that are worth a wake-up: some 50 µs. */
const worthwhile = 2 ** 20;

/** Multiplies on a team: small stacks on one thread, larger ones block by block on all; the bits are the same. */
export function multiply(team: Team, product: Product): void {
  const { left, right, result, bias = 0, rows, columns, inner, matrices, heads = 1 } = product;
  const stack = matrices * heads;
  if (stack === 0 || rows === 0 || columns === 0) return;
  let rowStep = Math.min(blockRows, upTo(rows, 4));
  let columnStep = Math.min(blockColumns, upTo(columns, 8));
  const blocks = () => stack * Math.ceil(rows / rowStep) * Math.ceil(columns / columnStep);
  const enough = () =>
    2 * rowStep * columnStep * inner <= worthwhile || blocks() >= 4 * team.threads || team.threads === 1;
  // The longer side, since each block packs rows and columns of its own.
  while (!enough() && (rowStep > 16 || columnStep > 32)) {
    if (rowStep > 16 && (rowStep >= columnStep || columnStep <= 32)) rowStep = upTo(rowStep / 2, 4);
    else columnStep = upTo(columnStep / 2, 8);
  }
  const items = blocks();
  const operations = (2 * rows * columns * inner * stack) / items;
  team.run(
    'product',
    [
      ...[left.address, right.address, result.address, bias, rows, columns, inner],
      ...[left.rowStride, left.columnStride, right.rowStride, right.columnStride, result.rowStride],
      ...[heads, left.matrixStride, right.matrixStride, result.matrixStride],
      ...[left.headStride ?? 0, right.headStride ?? 0, result.headStride ?? 0],
      ...[rowStep, columnStep, Math.ceil(rows / rowStep), Math.ceil(columns / columnStep), team.scratch],
    ],
    items,
    Math.max(1, Math.round(worthwhile / operations)),
  );
}

const upTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;
