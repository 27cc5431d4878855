import { reflect, reflection } from './householder.js';
import { upToFour, type Workspace } from './workspace.js';

/** An m×n matrix laid out column after column: row j of `numbers` is column j. */
export interface ColumnsAsRows {
  readonly numbers: Float64Array;
  readonly at: number;
  readonly m: number;
  readonly n: number;
  readonly rowLength: number;
  /** Where rowLength + 3n + 4 numbers are free; zeros if there are kernels. */
  readonly work: number;
  /** The kernels, if `numbers` is their memory; plain loops otherwise. */
  readonly kernels?: Workspace;
}

/**
 * Reduces a matrix to upper triangular form by Householder reflections from the left.
 *
 * With pivoting, the column of largest remaining norm comes next, and `columns` is permuted along; the norms
 * are brought up to date step by step, and computed anew where that cancels.
 *
 * Source: Businger & Golub 1965; the norms, Drmač & Bujanović 2008 (LAPACK's laqp2).
 */
export function triangularize(
  matrix: ColumnsAsRows,
  tau: Float64Array,
  columns: Int32Array,
  pivoting: boolean,
): void {
  const { numbers, at, m, n, rowLength, work } = matrix;
  const norms = work + rowLength;
  if (pivoting) for (let j = 0; j < n; j++) measure(matrix, norms, j, 0);
  for (let k = 0; k < tau.length; k++) {
    if (pivoting) {
      let most = k;
      for (let j = k + 1; j < n; j++) if (numbers[norms + j] > numbers[norms + most]) most = j;
      if (most !== k) exchange(matrix, columns, norms, k, most);
    }
    const row = at + k * rowLength;
    const beta = reflect(numbers, row + k, m - k, 1, 0);
    tau[k] = reflection.tau;
    if (tau[k] !== 0 && k + 1 < n) {
      if (matrix.kernels === undefined) reflectRest(matrix, k, tau[k]);
      else reflectRestByKernels(matrix, matrix.kernels, k, tau[k]);
    }
    numbers[row + k] = beta;
    if (pivoting) for (let j = k + 1; j < n; j++) downdate(matrix, norms, j, k);
  }
}

function reflectRest({ numbers, at, m, n, rowLength }: ColumnsAsRows, k: number, tau: number): void {
  const v = at + k * rowLength;
  for (let j = k + 1; j < n; j++) {
    const row = at + j * rowLength;
    let sum = 0;
    for (let i = k; i < m; i++) sum += numbers[row + i] * numbers[v + i];
    sum *= tau;
    for (let i = k; i < m; i++) numbers[row + i] -= sum * numbers[v + i];
  }
}

function reflectRestByKernels(
  { numbers, at, m, n, rowLength, work }: ColumnsAsRows,
  w: Workspace,
  k: number,
  tau: number,
): void {
  // From an even place on, so that pairs end within the row; v is 0 before place k.
  const first = k & ~1;
  const count = upToFour(m) - first;
  const row = at + k * rowLength;
  numbers.copyWithin(work + k, row + k, row + m);
  if (first < k) numbers[work + first] = 0;
  const rest = at + (k + 1) * rowLength + first;
  const rows = upToFour(n - k - 1);
  const sums = work + rowLength + 2 * n;
  w.dots(sums, rest, work + first, rows, count, rowLength);
  for (let j = 0; j < rows; j++) numbers[sums + j] *= j < n - k - 1 ? -tau : 0;
  w.addOuter(rest, sums, work + first, rows, count, rowLength);
}

/** The norm of column j from row `first` on, as it is now and as it was when last computed. */
function measure(
  { numbers, at, m, n, rowLength }: ColumnsAsRows,
  norms: number,
  j: number,
  first: number,
): void {
  const row = at + j * rowLength;
  let sum = 0;
  for (let i = first; i < m; i++) sum += numbers[row + i] * numbers[row + i];
  numbers[norms + j] = numbers[norms + n + j] = Math.sqrt(sum);
}

/** Takes row k off the norm of column j. */
function downdate(matrix: ColumnsAsRows, norms: number, j: number, k: number): void {
  const { numbers, at, n, rowLength } = matrix;
  const size = numbers[norms + j];
  if (size === 0) return;
  const ratio = Math.abs(numbers[at + j * rowLength + k]) / size;
  const left = Math.max(0, (1 + ratio) * (1 - ratio));
  const since = size / numbers[norms + n + j];
  // Below √ε of the last computed square nothing of the difference can be trusted.
  if (left * since * since <= 2 ** -26) measure(matrix, norms, j, k + 1);
  else numbers[norms + j] = size * Math.sqrt(left);
}

function exchange(
  { numbers, at, m, n, rowLength }: ColumnsAsRows,
  columns: Int32Array,
  norms: number,
  k: number,
  l: number,
): void {
  const [one, other] = [at + k * rowLength, at + l * rowLength];
  for (let i = 0; i < m; i++) {
    const entry = numbers[one + i];
    numbers[one + i] = numbers[other + i];
    numbers[other + i] = entry;
  }
  const column = columns[k];
  columns[k] = columns[l];
  columns[l] = column;
  numbers[norms + l] = numbers[norms + k];
  numbers[norms + n + l] = numbers[norms + n + k];
}
