import type { Workspace } from './workspace.js';

/** A matrix in the workspace: entry (i, j) at `at + i·rowStride + j·columnStride`. */
export interface Operand {
  readonly at: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** So many columns of the left operand are packed at a time: four rows of them fill a quarter of the L1 cache. */
const packedColumns = 256;

/** How many numbers of scratch `addProduct` needs. */
export function productScratch(rows: number, columns: number, inner: number): number {
  return (rows + columns) * Math.min(inner, packedColumns);
}

/**
 * C ← C + scale·L·R inside the workspace, C row-major with rows `rowLength` apart.
 *
 * L is rows×inner, R inner×columns; rows and columns are multiples of 4. With `lower` only the 4×4 tiles on and
 * below the diagonal of C are computed. A transposed operand is one whose strides have changed places.
 *
 * Source: Goto & van de Geijn 2008.
 */
export function addProduct(
  w: Workspace,
  scale: number,
  [rows, columns, inner]: readonly [rows: number, columns: number, inner: number],
  left: Operand,
  right: Operand,
  c: number,
  rowLength: number,
  scratch: number,
  lower = false,
): void {
  if (rows === 0 || columns === 0) return;
  for (let k = 0; k < inner; k += packedColumns) {
    const depth = Math.min(packedColumns, inner - k);
    const packedRight = scratch + rows * depth;
    w.pack4(scratch, left.at + k * left.columnStride, rows, depth, left.rowStride, left.columnStride);
    w.pack4(packedRight, right.at + k * right.rowStride, columns, depth, right.columnStride, right.rowStride);
    w.tiles(c, rowLength, scratch, packedRight, rows, columns, depth, scale, lower ? 1 : 0);
  }
}

export const rowMajor = (at: number, rowLength: number): Operand => ({
  at,
  rowStride: rowLength,
  columnStride: 1,
});

export const transposed = ({ at, rowStride, columnStride }: Operand): Operand => ({
  at,
  rowStride: columnStride,
  columnStride: rowStride,
});
