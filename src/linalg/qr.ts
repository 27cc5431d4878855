import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { reflect, reflection, safeScale } from './householder.js';
import { dimension, entries, target } from './matrix-argument.js';

/** AP = QR with |r₀₀| ≥ |r₁₁| ≥ …; `rank` counts the diagonal entries of R that are not noise. */
export interface Qr {
  readonly kind: 'factored';
  readonly m: number;
  readonly n: number;
  /** m×n, row-major: R on and above the diagonal, below it the Householder vectors, whose first entry, 1, is left out. */
  readonly factors: Float64Array;
  /** min(m, n) factors: Q = H₀H₁ ⋯ with Hᵢ = I − τᵢvᵢvᵢᵀ. */
  readonly tau: Float64Array;
  /** Column k of AP is column columns[k] of A. */
  readonly columns: Int32Array;
  /** How many |rᵢᵢ| exceed max(m, n)·ε·|r₀₀|. */
  readonly rank: number;
}

/** Arrays to write into, so that repeated calls allocate none. `factors` may be the matrix itself. */
export interface QrWorkspace {
  readonly factors: Float64Array;
  readonly tau: Float64Array;
  readonly columns: Int32Array;
  /** 2n numbers. */
  readonly norms: Float64Array;
}

export function qrWorkspace(m: number, n: number): QrWorkspace {
  return {
    factors: new Float64Array(m * n),
    tau: new Float64Array(Math.min(m, n)),
    columns: new Int32Array(n),
    norms: new Float64Array(2 * n),
  };
}

export interface QrOptions {
  /** Whether the column of the largest remaining norm comes first; false keeps the order. Default true. */
  readonly pivoting?: boolean;
  readonly into?: QrWorkspace;
}

/**
 * The QR decomposition AP = QR of an m×n matrix by Householder reflections with column pivoting.
 *
 * Source: Businger & Golub 1965; norms brought up to date as in LAPACK Working Note 176 (Drmač & Bujanović 2008).
 *
 * @param a m×n, row-major.
 * @throws RangeError when lengths disagree.
 * @example
 * const factored = qr(Float64Array.of(1, 1, 1, 2, 1, 3), 3, 2);
 * if (factored.kind === 'factored') qrSolve(factored, Float64Array.of(1, 2, 3)); // [0, 1]
 */
export function qr(a: Float64Array, m: number, n: number, options: QrOptions = {}): Qr | NonFinite {
  dimension('qr', 'm', m);
  dimension('qr', 'n', n);
  entries('qr', 'a', a, m, n);
  const { pivoting = true } = options;
  const { factors, tau, columns, norms } = options.into ?? qrWorkspace(m, n);
  const steps = Math.min(m, n);
  entries('qr', 'into.factors', factors, m, n);
  entries('qr', 'into.tau', tau, steps);
  entries('qr', 'into.norms', norms, 2 * n);
  if (columns.length !== n)
    throw new RangeError(`qr(into.columns): expected ${n} entries, got ${columns.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i]);
    if (size <= largest) continue;
    if (!(size < Number.POSITIVE_INFINITY)) return nonFinite;
    largest = size;
  }
  const scale = safeScale(largest);
  for (let i = 0; i < a.length; i++) factors[i] = a[i] * scale;
  for (let j = 0; j < n; j++) columns[j] = j;
  if (pivoting) for (let j = 0; j < n; j++) norms[j] = norms[n + j] = columnNorm(factors, m, n, 0, j);
  for (let k = 0; k < steps; k++) {
    if (pivoting) {
      let most = k;
      for (let j = k + 1; j < n; j++) if (norms[j] > norms[most]) most = j;
      if (most !== k) exchange(factors, m, n, columns, norms, k, most);
    }
    factors[k * n + k] = finishColumn(factors, m, n, k, tau);
    if (pivoting) downdate(factors, m, n, norms, k);
  }
  if (scale !== 1) for (let i = 0; i < steps; i++) for (let j = i; j < n; j++) factors[i * n + j] /= scale;
  if (!allFinite(factors)) return nonFinite;
  const noise = Math.max(m, n) * 2 ** -52 * (steps > 0 ? Math.abs(factors[0]) : 0);
  let rank = 0;
  while (rank < steps && Math.abs(factors[rank * n + rank]) > noise) rank++;
  return { kind: 'factored', m, n, factors, tau, columns, rank };
}

/** Clears column k below the diagonal and reflects the columns after it. Returns rₖₖ. */
function finishColumn(a: Float64Array, m: number, n: number, k: number, tau: Float64Array): number {
  const beta = reflect(a, k * n + k, m - k, n, 0);
  tau[k] = reflection.tau;
  if (tau[k] !== 0 && k + 1 < n) {
    const row = k * n;
    const width = n - k - 1;
    if (work.length < width) work = new Float64Array(2 * width);
    for (let j = 0; j < width; j++) work[j] = a[row + k + 1 + j];
    for (let i = k + 1; i < m; i++) {
      const at = i * n + k;
      const entry = a[at];
      for (let j = 0; j < width; j++) work[j] += entry * a[at + 1 + j];
    }
    for (let i = k; i < m; i++) {
      const at = i * n + k;
      const factor = tau[k] * a[at];
      for (let j = 0; j < width; j++) a[at + 1 + j] -= factor * work[j];
    }
  }
  return beta;
}

let work = new Float64Array(64);

/** Takes row k off the norms of what is left below it; where that cancels too much they are computed anew. */
function downdate(a: Float64Array, m: number, n: number, norms: Float64Array, k: number): void {
  for (let j = k + 1; j < n; j++) {
    if (norms[j] === 0) continue;
    const ratio = Math.abs(a[k * n + j]) / norms[j];
    const left = Math.max(0, (1 + ratio) * (1 - ratio));
    const since = norms[j] / norms[n + j];
    if (left * since * since <= 2 ** -26) norms[j] = norms[n + j] = columnNorm(a, m, n, k + 1, j);
    else norms[j] *= Math.sqrt(left);
  }
}

function columnNorm(a: Float64Array, m: number, n: number, first: number, j: number): number {
  let sum = 0;
  for (let i = first; i < m; i++) sum += a[i * n + j] * a[i * n + j];
  return Math.sqrt(sum);
}

function exchange(
  a: Float64Array,
  m: number,
  n: number,
  columns: Int32Array,
  norms: Float64Array,
  k: number,
  l: number,
): void {
  for (let at = 0; at < m * n; at += n) {
    const entry = a[at + k];
    a[at + k] = a[at + l];
    a[at + l] = entry;
  }
  const column = columns[k];
  columns[k] = columns[l];
  columns[l] = column;
  norms[l] = norms[k];
  norms[n + l] = norms[n + k];
}

/**
 * QB, or QᵀB, for an m×columns B with the m×m matrix Q of a QR decomposition; `into` may be B itself.
 *
 * @throws RangeError when lengths disagree.
 * @example applyQ(factored, 'transposed', b)
 */
export function applyQ(
  { m, n, factors, tau }: Qr,
  which: 'plain' | 'transposed',
  b: Float64Array,
  columns = 1,
  into?: Float64Array,
): Float64Array {
  entries('applyQ', 'b', b, m, columns);
  const product = target('applyQ', into, m, columns);
  if (product !== b) product.set(b);
  if (work.length < columns) work = new Float64Array(2 * columns);
  const steps = tau.length;
  for (let step = 0; step < steps; step++) {
    const k = which === 'transposed' ? step : steps - 1 - step;
    const first = k * columns;
    for (let j = 0; j < columns; j++) work[j] = product[first + j];
    for (let i = k + 1; i < m; i++) {
      const entry = factors[i * n + k];
      for (let j = 0; j < columns; j++) work[j] += entry * product[i * columns + j];
    }
    for (let j = 0; j < columns; j++) product[first + j] -= tau[k] * work[j];
    for (let i = k + 1; i < m; i++) {
      const factor = tau[k] * factors[i * n + k];
      for (let j = 0; j < columns; j++) product[i * columns + j] -= factor * work[j];
    }
  }
  return product;
}

/**
 * The least-squares solution of Ax ≈ b from AP = QR: of the columns taken first as many as the rank are used,
 * and the others have the coefficient 0 (a basic solution).
 *
 * @param b m entries.
 * @returns x, n entries.
 * @throws RangeError when lengths disagree.
 * @example qrSolve(factored, Float64Array.of(1, 2, 3))
 */
export function qrSolve(factored: Qr, b: Float64Array, into?: Float64Array): Float64Array {
  const { m, n, factors, columns, rank } = factored;
  const x = target('qrSolve', into, n);
  if (image.length !== m) image = new Float64Array(m);
  applyQ(factored, 'transposed', b, 1, image);
  x.fill(0);
  for (let i = rank - 1; i >= 0; i--) {
    let sum = image[i];
    for (let j = i + 1; j < rank; j++) sum -= factors[i * n + j] * x[columns[j]];
    x[columns[i]] = sum / factors[i * n + i];
  }
  return x;
}

let image = new Float64Array(0);

/** R, min(m, n)×n, row-major, zeros below the diagonal. */
export function upperFactor({ m, n, factors }: Qr): Float64Array {
  const rows = Math.min(m, n);
  const r = factors.slice(0, rows * n);
  for (let i = 0; i < rows; i++) r.fill(0, i * n, i * n + i);
  return r;
}
