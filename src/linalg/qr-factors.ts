import { oneOf } from '../algebra/argument.js';
import { entries, target } from './matrix-argument.js';

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

let work = new Float64Array(64);
let image = new Float64Array(0);

/**
 * QB, or QᵀB, for an m×columns B with the m×m matrix Q of a QR decomposition; `into` may be B itself.
 *
 * @throws RangeError when lengths disagree, TypeError unless `which` is 'plain' or 'transposed'.
 * @example applyQ(factored, 'transposed', b)
 */
export function applyQ(
  { m, n, factors, tau }: Qr,
  which: 'plain' | 'transposed',
  b: Float64Array,
  columns = 1,
  into?: Float64Array,
): Float64Array {
  oneOf('applyQ', 'which', which, ['plain', 'transposed']);
  entries('applyQ', 'b', b, m, columns);
  const product = target('applyQ', into, m, columns);
  if (product !== b) product.set(b);
  if (work.length < columns) work = new Float64Array(2 * columns);
  const steps = tau.length;
  if (columns === 1) {
    for (let step = 0; step < steps; step++) {
      reflectVector(factors, m, n, which === 'transposed' ? step : steps - 1 - step, tau, product);
    }
    return product;
  }
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

/** One vector needs no inner loops: b ← Hₖb. */
function reflectVector(
  factors: Float64Array,
  m: number,
  n: number,
  k: number,
  tau: Float64Array,
  b: Float64Array,
): void {
  let total = b[k];
  for (let i = k + 1, at = (k + 1) * n + k; i < m; i++, at += n) total += factors[at] * b[i];
  total *= tau[k];
  b[k] -= total;
  for (let i = k + 1, at = (k + 1) * n + k; i < m; i++, at += n) b[i] -= factors[at] * total;
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

/** R, min(m, n)×n, row-major, zeros below the diagonal. */
export function upperFactor({ m, n, factors }: Qr): Float64Array {
  const rows = Math.min(m, n);
  const r = factors.slice(0, rows * n);
  for (let i = 0; i < rows; i++) r.fill(0, i * n, i * n + i);
  return r;
}
