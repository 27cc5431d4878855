import { columnsOfItem } from './column-kernels.js';
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

/** C = A·B + bias over a stack, or A·B + D: A of rows×inner, B of inner×columns. */
export interface Product {
  readonly left: Operand;
  readonly right: Operand;
  /** Its columns lie side by side. */
  readonly result: Operand;
  /** The address of one row to add to every row; 0 for none. */
  readonly bias?: number;
  /** The address of a D laid out as the result is; 0 for none. */
  readonly addend?: number;
  /** Whether no more is asked for than what is on and above the diagonal: what is below it may be anything. */
  readonly upper?: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly matrices: number;
  readonly heads?: number;
}

/** Multiplications and additions that are worth a wake-up: some 50 µs. */
const worthwhile = 2 ** 20;

/** A product is divided along its inner length into pieces of at least so many, and into so many blocks at most. */
const shortestPiece = 1024;
const mostBlocks = 32;

/**
 * Into how many pieces the inner length of a product of two matrices is divided: where the result is of so few blocks
 * that threads would have to share them. It depends on sizes only, so that the bits are the same on any number of
 * threads.
 */
function piecesOf(rows: number, columns: number, inner: number): number {
  const blocks = Math.ceil(rows / blockRows) * Math.ceil(columns / blockColumns);
  return Math.max(1, Math.min(Math.floor(inner / shortestPiece), Math.floor(mostBlocks / blocks)));
}

/**
 * Multiplies on a team: small stacks on one thread, larger ones block by block on all, one of few blocks and a long
 * inner length piece by piece; the bits are the same on any number of threads.
 */
export function multiply(team: Team, product: Product): void {
  const { left, right, result, bias = 0, addend = 0, upper, rows, columns, inner } = product;
  const { matrices, heads = 1 } = product;
  if (matrices * heads === 0 || rows === 0 || columns === 0) return;
  const pieces = piecesOf(rows, columns, inner);
  if (pieces === 1 || matrices * heads > 1 || bias !== 0 || addend !== 0) {
    multiplyBlocks(team, product);
    return;
  }
  const length = Math.floor(inner / pieces);
  const entries = rows * columns;
  team.withRoom(4 * (pieces + 1) * entries, (room) => {
    const along = (operand: Operand, stride: number, first: number): Operand => ({
      ...operand,
      address: operand.address + first * length * stride,
      matrixStride: length * stride,
    });
    const multiplied = (first: number, count: number, inner: number) =>
      multiplyBlocks(team, {
        left: along(left, left.columnStride, first),
        right: along(right, right.rowStride, first),
        result: {
          address: room + 4 * first * entries,
          ...{ rowStride: 4 * columns, columnStride: 4, matrixStride: 4 * entries },
        },
        ...{ rows, columns, inner, matrices: count, upper },
      });
    multiplied(0, pieces, length);
    const rest = inner - pieces * length;
    if (rest > 0) multiplied(pieces, 1, rest);
    const summands = pieces + (rest > 0 ? 1 : 0);
    const isWhole = result.rowStride === 4 * columns;
    const words = [summands, 4 * entries, isWhole ? result.address : room, room, 0];
    team.run('columnSums', words, Math.ceil(entries / columnsOfItem), 2 ** 8);
    if (!isWhole) team.copyRows(result, { address: room, rowStride: 4 * columns }, rows, 4 * columns);
  });
}

function multiplyBlocks(team: Team, product: Product): void {
  const { left, right, result, bias = 0, addend = 0, upper = false } = product;
  const { rows, columns, inner, matrices, heads = 1 } = product;
  const stack = matrices * heads;
  let rowStep = Math.min(blockRows, upTo(rows, 4));
  let columnStep = Math.min(upper ? blockRows : blockColumns, upTo(columns, 8));
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
      ...[addend, upper ? 1 : 0],
    ],
    items,
    Math.max(1, Math.round(worthwhile / operations)),
  );
}

const upTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;
