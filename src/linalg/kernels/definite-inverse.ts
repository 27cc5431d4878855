import { addProduct, productScratch, rowMajor, transposed } from './blocked-product.js';
import { substituteBlock, substitutionBlock } from './substitution.js';
import { loadMatrix, rowLengthFor, upToFour, workspace } from './workspace.js';

/** Rows of the product L⁻ᵀL⁻¹ that are computed together. */
const productRows = 64;

/**
 * Writes L⁻ᵀL⁻¹, the inverse of LLᵀ, to `inverse`, which may be L itself.
 *
 * Of L⁻¹ and of the product only the lower triangles are computed, up to blocks: n³/3 multiplications together.
 *
 * @param l n×n, row-major, lower triangular.
 */
export function inverseFromFactor(l: Float64Array, n: number, inverse: Float64Array): void {
  const rows = upToFour(n);
  const rowLength = rowLengthFor(n);
  const xAt = rows * rowLength;
  // The last block may reach three rows past the end, at factor 0.
  const scratch = xAt + (rows + 4) * rowLength;
  const forSolve = productScratch(rows, rows, substitutionBlock);
  const w = workspace(scratch + Math.max(forSolve, productScratch(productRows, rows, n)));
  const { numbers } = w;
  loadMatrix(numbers, 0, rowLength, l, n, n);
  numbers.fill(0, xAt, scratch);
  for (let i = 0; i < n; i++) numbers[xAt + i * rowLength + i] = 1;

  const x = rowMajor(xAt, rowLength);
  for (let first = 0; first < n; first += substitutionBlock) {
    const end = Math.min(first + substitutionBlock, n);
    const width = upToFour(end);
    substituteBlock(w, rowMajor(0, rowLength), [first, end], true, x, width, scratch);
    if (end === n) break;
    const left = rowMajor(end * rowLength + first, rowLength);
    const right = rowMajor(xAt + first * rowLength, rowLength);
    const sizes = [rows - end, width, end - first] as const;
    addProduct(w, -1, sizes, left, right, xAt + end * rowLength, rowLength, scratch);
  }

  // L has served; the product takes its place.
  numbers.fill(0, 0, xAt);
  for (let first = 0; first < rows; first += productRows) {
    const height = Math.min(productRows, rows - first);
    const below = xAt + first * rowLength;
    const left = transposed(rowMajor(below + first, rowLength));
    const sizes = [height, first + height, rows - first] as const;
    addProduct(w, 1, sizes, left, rowMajor(below, rowLength), first * rowLength, rowLength, scratch);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) inverse[i * n + j] = inverse[j * n + i] = numbers[i * rowLength + j];
  }
}
