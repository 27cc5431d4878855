import { addProduct, productScratch, rowMajor, transposed } from './blocked-product.js';
import { reflect, reflection } from './householder.js';
import { upToFour, type Workspace } from './workspace.js';

const panelRows = 32;
/** What is left is reduced without a further update of all of it. */
const lastPanel = 48;

/** How many numbers of the workspace the reduction needs as scratch. */
export function tridiagonalNumbers(rows: number, rowLength: number): number {
  return (4 * lastPanel + 1) * rowLength + 2 * lastPanel + productScratch(rows, rows, 2 * panelRows);
}

/**
 * Reduces a symmetric matrix in the workspace to a tridiagonal one, A = QTQᵀ, in panels of rows from the last
 * one upward: half of the work is products of matrices.
 *
 * Reads the lower triangle. Row i of `a` becomes the Householder vector v of (I − τᵢvvᵀ), zeros from its
 * diagonal on, and Q = H_{n−1} ⋯ H₁. `offDiagonal[i]` couples i and i + 1.
 *
 * Source: Dongarra, Sorensen & Hammarling 1989; LAPACK's latrd.
 */
export function tridiagonalizeInPanels(
  w: Workspace,
  a: number,
  n: number,
  rowLength: number,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  tau: Float64Array,
  scratch: number,
): void {
  const { numbers } = w;
  // Rows v₀, w₀, v₁, w₁, … of the update A − Σ(vwᵀ + wvᵀ) in `pairs`, and each two exchanged in `swapped`.
  const pairs = scratch;
  const swapped = pairs + 2 * lastPanel * rowLength;
  const image = swapped + 2 * lastPanel * rowLength;
  const factors = image + rowLength;
  const free = factors + 2 * lastPanel;
  let top = n;
  while (top > 0) {
    const next = top <= lastPanel ? 0 : (top - panelRows + 3) & ~3;
    numbers.fill(0, pairs, image);
    for (let i = top - 1, p = 0; i >= next; i--, p++) {
      const row = a + i * rowLength;
      const used = upToFour(2 * p);
      if (used > 0) {
        numbers.fill(0, factors, factors + used);
        for (let r = 0; r < 2 * p; r++) numbers[factors + r] = -numbers[swapped + r * rowLength + i];
        w.combine(row, pairs, factors, used, upToFour(i + 1), rowLength);
      }
      diagonal[i] = numbers[row + i];
      if (i === 0) break;
      offDiagonal[i - 1] = reflect(numbers, row, i, 1, i - 1);
      tau[i] = reflection.tau;
      numbers.fill(0, row + i, row + rowLength);
      const v = pairs + 2 * p * rowLength;
      numbers.copyWithin(v, row, row + i);
      numbers.copyWithin(swapped + (2 * p + 1) * rowLength, row, row + i);
      if (tau[i] === 0) continue;
      numbers.fill(0, image, image + upToFour(i));
      w.symmetricDots(image, a, v, upToFour(i), rowLength);
      if (used > 0) {
        w.dots(factors, pairs, v, used, upToFour(i), rowLength);
        for (let r = 0; r < used; r++) numbers[factors + r] = r < 2 * p ? -numbers[factors + r] : 0;
        w.combine(image, swapped, factors, used, upToFour(i), rowLength);
      }
      let inner = 0;
      for (let j = 0; j < i; j++) inner += numbers[image + j] * numbers[v + j];
      const half = (tau[i] * tau[i] * inner) / 2;
      for (let j = 0; j < i; j++) numbers[image + j] = tau[i] * numbers[image + j] - half * numbers[v + j];
      numbers.copyWithin(v + rowLength, image, image + i);
      numbers.copyWithin(swapped + 2 * p * rowLength, image, image + i);
    }
    const inner = 2 * (top - next);
    if (next > 0) {
      const left = transposed(rowMajor(pairs, rowLength));
      addProduct(w, -1, [next, next, inner], left, rowMajor(swapped, rowLength), a, rowLength, free, true);
    }
    top = next;
  }
  offDiagonal[n - 1] = 0;
  tau[0] = 0;
  numbers.fill(0, a, a + rowLength);
}
