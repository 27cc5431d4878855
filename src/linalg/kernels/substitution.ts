import type { Operand } from './blocked-product.js';
import { upToFour, type Workspace } from './workspace.js';

/** So many rows are solved for before the others are brought up to date; a multiple of 4. */
export const substitutionBlock = 32;

/**
 * X ← T⁻¹X in the workspace for the rows from `first` to before `end` only, as if T had no others.
 *
 * T is lower triangular if `forward`, otherwise upper. `width` columns of X take part, a multiple of 4; X has
 * rows, if only of zeros, up to a multiple of 4. `scratch` has room for 32 numbers.
 */
export function substituteBlock(
  w: Workspace,
  triangle: Operand,
  [first, end]: readonly [first: number, end: number],
  forward: boolean,
  x: Operand,
  width: number,
  scratch: number,
): void {
  const { numbers } = w;
  const entry = (i: number, j: number): number =>
    numbers[triangle.at + i * triangle.rowStride + j * triangle.columnStride];
  for (let step = first; step < end; step++) {
    const i = forward ? step : first + end - 1 - step;
    const [from, to] = forward ? [first, i] : [i + 1, end];
    const row = x.at + i * x.rowStride;
    if (from < to) {
      const count = upToFour(to - from);
      for (let j = 0; j < count; j++) numbers[scratch + j] = from + j < to ? -entry(i, from + j) : 0;
      w.combine(row, x.at + from * x.rowStride, scratch, count, width, x.rowStride);
    }
    const pivot = entry(i, i);
    for (let k = 0; k < width; k++) numbers[row + k] /= pivot;
  }
}
