import { addProduct, productScratch, rowMajor, transposed } from './blocked-product.js';
import { upToFour, type Workspace } from './workspace.js';

export const reflectorBlock = 32;

/** How many numbers of the workspace `applyReflectors` needs as scratch, to an inner×columns matrix. */
export function reflectorNumbers(inner: number, columns: number, rowLength: number): number {
  const widest = Math.max(columns, reflectorBlock);
  return (
    2 * reflectorBlock * (reflectorBlock + rowLength) +
    Math.max(productScratch(reflectorBlock, widest, inner), productScratch(inner, columns, reflectorBlock))
  );
}

/**
 * B ← H_{k−1} ⋯ H₁H₀·B for up to 32 reflections Hᵢ = I − τᵢvᵢvᵢᵀ, as B − VᵀT(VB).
 *
 * `v` holds the vectors as `count` rows of `inner` numbers, B is inner×columns. `inner` and `columns` are
 * multiples of 4, and the rows of V up to the next multiple of 4 are zeros (or their τ is 0).
 *
 * Source: Schreiber & Van Loan 1989, the compact WY form.
 */
export function applyReflectors(
  w: Workspace,
  v: number,
  vLength: number,
  tau: (index: number) => number,
  [count, inner, columns]: readonly [count: number, inner: number, columns: number],
  b: number,
  bLength: number,
  scratch: number,
): void {
  const rows = upToFour(count);
  const gram = scratch;
  const triangle = gram + reflectorBlock * reflectorBlock;
  const image = triangle + reflectorBlock * reflectorBlock;
  const mixed = image + reflectorBlock * bLength;
  const free = mixed + reflectorBlock * bLength;
  w.numbers.fill(0, gram, free);
  const vectors = rowMajor(v, vLength);
  addProduct(w, 1, [rows, rows, inner], vectors, transposed(vectors), gram, reflectorBlock, free, true);
  fillTriangle(w.numbers, gram, triangle, tau, count);
  addProduct(w, 1, [rows, columns, inner], vectors, rowMajor(b, bLength), image, bLength, free);
  const t = rowMajor(triangle, reflectorBlock);
  addProduct(w, 1, [rows, columns, rows], t, rowMajor(image, bLength), mixed, bLength, free);
  addProduct(w, -1, [inner, columns, rows], transposed(vectors), rowMajor(mixed, bLength), b, bLength, free);
}

/**
 * The last n columns of H_{n−1} ⋯ H₁H₀, rows×n, written to zeros at `to`.
 *
 * Row i of the vectors is zero from place rows − n + i + 1 on, so that Hᵢ leaves later rows alone.
 */
export function accumulateReflectors(
  w: Workspace,
  vectors: number,
  vectorLength: number,
  tau: Float64Array,
  rows: number,
  n: number,
  to: number,
  rowLength: number,
  scratch: number,
): void {
  const above = rows - n;
  for (let i = 0; i < n; i++) w.numbers[to + (above + i) * rowLength + i] = 1;
  for (let i = 0; i < n; i += reflectorBlock) {
    const count = Math.min(reflectorBlock, n - i);
    const sizes = [count, upToFour(above + i + count), upToFour(i + count)] as const;
    const at = vectors + i * vectorLength;
    applyReflectors(w, at, vectorLength, (k) => tau[i + k], sizes, to, rowLength, scratch);
  }
}

/** T, lower triangular: tᵢᵢ = τᵢ, and row i is −τᵢ(V vᵢ)ᵀT before it. */
function fillTriangle(
  numbers: Float64Array,
  gram: number,
  triangle: number,
  tau: (index: number) => number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const row = triangle + i * reflectorBlock;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) {
        sum += numbers[gram + i * reflectorBlock + k] * numbers[triangle + k * reflectorBlock + j];
      }
      numbers[row + j] = -tau(i) * sum;
    }
    numbers[row + i] = tau(i);
  }
}
