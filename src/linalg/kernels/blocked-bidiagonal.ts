import { addProduct, productScratch, rowMajor, transposed } from './blocked-product.js';
import { reflect, reflection } from './householder.js';
import { upToFour, type Workspace } from './workspace.js';

const panelColumns = 32;
/** What is left is reduced without a further update of all of it. */
const lastPanel = 48;

/** The matrix and what its reduction yields, as places in the workspace. */
export interface BidiagonalPlaces {
  /** rows×n, rows ≥ n, with rows `columnsLength` apart; used up. */
  readonly a: number;
  readonly rows: number;
  readonly n: number;
  readonly columnsLength: number;
  /** Row i receives the vector of the reflection that clears column i, rows `rowsLength` apart. */
  readonly lefts: number;
  readonly rowsLength: number;
  /** Row i receives the vector of the reflection that clears row i, rows `columnsLength` apart. */
  readonly rights: number;
  readonly scratch: number;
}

/** How many numbers of the workspace the reduction needs as scratch. */
export function bidiagonalNumbers(rowsLength: number, columnsLength: number): number {
  return (
    2 * lastPanel * (rowsLength + columnsLength + 1) +
    productScratch(rowsLength, columnsLength, 2 * panelColumns)
  );
}

/**
 * Reduces a matrix in the workspace to a lower bidiagonal one, A = Q·[0; B]·Pᵀ, in panels from the last column
 * back: half of the work is products of matrices.
 *
 * bᵢᵢ = diagonal[i] and b_{i+1,i} = offDiagonal[i]. Q = H_{n−1} ⋯ H₀ of the vectors in `lefts`, P likewise of
 * those in `rights`. The places of both must be zeros.
 *
 * Source: Golub & Kahan 1965; Dongarra, Sorensen & Hammarling 1989 (LAPACK's labrd).
 */
export function bidiagonalizeInPanels(
  w: Workspace,
  places: BidiagonalPlaces,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  leftTau: Float64Array,
  rightTau: Float64Array,
): void {
  const { a, rows, n, columnsLength, lefts, rowsLength, rights } = places;
  const { numbers } = w;
  const above = rows - n;
  // A − Σ(uyᵀ + xvᵀ): rows u₀, x₀, u₁, x₁, … in `tall`, and y₀, v₀, y₁, v₁, … in `wide`.
  const tall = places.scratch;
  const wide = tall + 2 * lastPanel * rowsLength;
  const factors = wide + 2 * lastPanel * columnsLength;
  const free = factors + 2 * lastPanel;

  /** vector ← vector − Σ factor·row over the first `used` rows of the stack. */
  const subtract = (vector: number, stack: number, used: number, length: number, rowLength: number): void => {
    if (used === 0 || length === 0) return;
    for (let r = 0; r < used; r++) numbers[factors + r] = -numbers[factors + r];
    numbers.fill(0, factors + used, factors + upToFour(used));
    w.combine(vector, stack, factors, upToFour(used), upToFour(length), rowLength);
  };
  const scaleBy = (tau: number, vector: number, length: number, rowLength: number): void => {
    for (let j = 0; j < length; j++) numbers[vector + j] *= tau;
    numbers.fill(0, vector + length, vector + rowLength);
  };

  let top = n;
  while (top > 0) {
    const next = top <= lastPanel ? 0 : (top - panelColumns + 3) & ~3;
    numbers.fill(0, tall, free);
    for (let i = top - 1, p = 0; i >= next; i--, p++) {
      const height = above + i + 1;
      const [u, x] = [tall + 2 * p * rowsLength, tall + (2 * p + 1) * rowsLength];
      const [y, v] = [wide + 2 * p * columnsLength, wide + (2 * p + 1) * columnsLength];

      for (let j = 0; j < height; j++) numbers[u + j] = numbers[a + j * columnsLength + i];
      for (let r = 0; r < 2 * p; r++) numbers[factors + r] = numbers[wide + r * columnsLength + i];
      subtract(u, tall, 2 * p, height, rowsLength);
      numbers.fill(0, u + height, u + rowsLength);
      diagonal[i] = reflect(numbers, u, height, 1, height - 1);
      leftTau[i] = reflection.tau;
      numbers.copyWithin(lefts + i * rowsLength, u, u + height);
      if (i === 0) break;

      w.combine(y, a, u, upToFour(height), upToFour(i), columnsLength);
      if (p > 0) w.dots(factors, tall, u, upToFour(2 * p), upToFour(height), rowsLength);
      subtract(y, wide, 2 * p, i, columnsLength);
      scaleBy(leftTau[i], y, i, columnsLength);

      numbers.copyWithin(v, a + (height - 1) * columnsLength, a + (height - 1) * columnsLength + i);
      for (let r = 0; r < 2 * p + 1; r++) numbers[factors + r] = numbers[tall + r * rowsLength + height - 1];
      // The last row of the stack in use is y; v, after it, is the vector being changed, at factor 0.
      subtract(v, wide, 2 * p + 1, i, columnsLength);
      numbers.fill(0, v + i, v + columnsLength);
      offDiagonal[i - 1] = reflect(numbers, v, i, 1, i - 1);
      rightTau[i] = reflection.tau;
      numbers.copyWithin(rights + i * columnsLength, v, v + i);

      w.dots(x, a, v, upToFour(height - 1), upToFour(i), columnsLength);
      w.dots(factors, wide, v, upToFour(2 * p + 1), upToFour(i), columnsLength);
      subtract(x, tall, 2 * p + 1, height - 1, rowsLength);
      scaleBy(rightTau[i], x, height - 1, rowsLength);
    }
    if (next > 0) {
      const left = transposed(rowMajor(tall, rowsLength));
      const sizes = [upToFour(above + next), next, 2 * (top - next)] as const;
      addProduct(w, -1, sizes, left, rowMajor(wide, columnsLength), a, columnsLength, free);
    }
    top = next;
  }
  rightTau[0] = 0;
}
