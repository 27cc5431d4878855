import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { bidiagonalize } from './kernels/bidiagonal.js';
import { bidiagonalQr } from './kernels/bidiagonal-qr.js';
import { accumulateReflectors, reflectorNumbers } from './kernels/block-reflector.js';
import { bidiagonalizeInPanels, bidiagonalNumbers } from './kernels/blocked-bidiagonal.js';
import { safeScale } from './kernels/householder.js';
import {
  chainNumbers,
  DirectChains,
  fromStrips,
  StripChains,
  stripNumbers,
  toStrips,
} from './kernels/rotation-chains.js';
import { rowLengthFor, upToFour, workspace } from './kernels/workspace.js';
import { dimension, entries, target } from './matrix-argument.js';
import type { NotConverged } from './symmetric-eigen.js';
import { largest } from './vector.js';

/** A = UΣVᵀ, thin: with k = min(m, n), U is m×k and V n×k. */
export interface Svd {
  readonly kind: 'decomposed';
  readonly m: number;
  readonly n: number;
  /** Row-major m×k; the columns are orthonormal. */
  readonly u: Float64Array;
  /** σ₀ ≥ σ₁ ≥ … ≥ 0. */
  readonly values: Float64Array;
  /** Row-major n×k; the columns are orthonormal. */
  readonly v: Float64Array;
}

/** Arrays to write into: u of m·k, values of k and v of n·k entries, k = min(m, n). */
export interface SvdWorkspace {
  readonly u: Float64Array;
  readonly values: Float64Array;
  readonly v: Float64Array;
}

/** Up to so many entries, and columns, plain loops are faster than the kernels. */
const smallEntries = 256;

const chains = { left: new DirectChains(), right: new DirectChains() };
const held = {
  matrix: new Float64Array(smallEntries),
  lefts: new Float64Array(smallEntries),
  rights: new Float64Array(smallEntries),
  offDiagonal: new Float64Array(smallEntries),
  leftTau: new Float64Array(smallEntries),
  rightTau: new Float64Array(smallEntries),
  work: new Float64Array(smallEntries),
};

/**
 * The thin singular value decomposition A = UΣVᵀ of an m×n matrix.
 *
 * Householder bidiagonalisation, then the implicit QR iteration; a wide matrix is decomposed as its transpose.
 * Source: Golub & Reinsch 1970; Golub & Van Loan 2013, section 8.6.
 *
 * @param a m×n, row-major.
 * @throws RangeError when lengths disagree.
 * @example
 * const decomposed = svd(Float64Array.of(3, 0, 0, -2), 2, 2);
 * if (decomposed.kind === 'decomposed') decomposed.values; // [3, 2]
 */
export function svd(
  a: Float64Array,
  m: number,
  n: number,
  into?: SvdWorkspace,
): Svd | NonFinite | NotConverged {
  dimension('svd', 'm', m);
  dimension('svd', 'n', n);
  entries('svd', 'a', a, m, n);
  const least = Math.min(m, n);
  const u = target('svd', into?.u, m, least);
  const values = target('svd', into?.values, least);
  const v = target('svd', into?.v, n, least);
  const most = largest(a);
  if (!(most < Number.POSITIVE_INFINITY)) return nonFinite;
  const scale = safeScale(most);
  const decompose = m * n <= smallEntries ? small : inStrips;
  const converged =
    m >= n ? decompose(a, m, n, scale, u, values, v, false) : decompose(a, n, m, scale, v, values, u, true);
  if (!converged) return { kind: 'notConverged' };
  if (scale !== 1) for (let i = 0; i < least; i++) values[i] /= scale;
  return allFinite(values) ? { kind: 'decomposed', m, n, u, values, v } : nonFinite;
}

/** For rows ≥ n. With `flipped` the matrix is the transpose of `a`. */
function small(
  a: Float64Array,
  rows: number,
  n: number,
  scale: number,
  u: Float64Array,
  values: Float64Array,
  v: Float64Array,
  flipped: boolean,
): boolean {
  const { matrix, offDiagonal } = held;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < n; j++) matrix[i * n + j] = (flipped ? a[j * rows + i] : a[i * n + j]) * scale;
  bidiagonalize(matrix, rows, n, values, offDiagonal, u, v, held);
  const [left, right] = [chains.left.reset(v, n, n), chains.right.reset(u, rows, n)];
  if (!bidiagonalQr(values, offDiagonal, n, left, right)) return false;
  for (let k = 0; k < n; k++) {
    let most = k;
    for (let j = k + 1; j < n; j++) if (Math.abs(values[j]) > Math.abs(values[most])) most = j;
    const value = values[most];
    values[most] = values[k];
    values[k] = Math.abs(value);
    exchange(u, rows, n, k, most, 1);
    exchange(v, n, n, k, most, value < 0 ? -1 : 1);
  }
  return true;
}

/** Columns k and l change places, and the one that comes to k is multiplied by `sign`. */
function exchange(a: Float64Array, rows: number, n: number, k: number, l: number, sign: number): void {
  if (k === l && sign === 1) return;
  for (let at = 0; at < rows * n; at += n) {
    const entry = a[at + l];
    a[at + l] = a[at + k];
    a[at + k] = sign * entry;
  }
}

/** For rows ≥ n. With `flipped` the matrix is the transpose of `a`. */
function inStrips(
  a: Float64Array,
  rows: number,
  n: number,
  scale: number,
  u: Float64Array,
  values: Float64Array,
  v: Float64Array,
  flipped: boolean,
): boolean {
  const [tall, wide] = [upToFour(rows), upToFour(n)];
  const [rowsLength, columnsLength] = [rowLengthFor(rows), rowLengthFor(n)];
  const lefts = tall * columnsLength;
  const rights = lefts + wide * rowsLength;
  // Once Q and P are there, their strips take the place of the matrix and of the reflections.
  const strips = { q: 0, p: stripNumbers(rows, n) };
  const q = Math.max(rights + wide * columnsLength, strips.p + stripNumbers(n, n));
  const p = q + tall * columnsLength;
  const scratch = p + wide * columnsLength;
  const needed = Math.max(
    bidiagonalNumbers(rowsLength, columnsLength),
    reflectorNumbers(tall, wide, columnsLength),
    2 * chainNumbers(n),
  );
  const w = workspace(scratch + needed);
  const { numbers } = w;
  const [diagonal, offDiagonal] = [new Float64Array(n), new Float64Array(n)];
  const [leftTau, rightTau] = [new Float64Array(n), new Float64Array(n)];

  numbers.fill(0, 0, scratch);
  for (let i = 0; i < rows; i++) {
    const row = i * columnsLength;
    for (let j = 0; j < n; j++) numbers[row + j] = (flipped ? a[j * rows + i] : a[i * n + j]) * scale;
  }
  const places = { a: 0, rows, n, columnsLength, lefts, rowsLength, rights, scratch };
  bidiagonalizeInPanels(w, places, diagonal, offDiagonal, leftTau, rightTau);
  accumulateReflectors(w, lefts, rowsLength, leftTau, rows, n, q, columnsLength, scratch);
  accumulateReflectors(w, rights, columnsLength, rightTau, n, n, p, columnsLength, scratch);

  toStrips(numbers, q, columnsLength, strips.q, rows, n);
  toStrips(numbers, p, columnsLength, strips.p, n, n);
  const right = new StripChains(w, strips.q, rows, n, scratch);
  const left = new StripChains(w, strips.p, n, n, scratch + chainNumbers(n));
  if (!bidiagonalQr(diagonal, offDiagonal, n, left, right)) return false;
  left.flush();
  right.flush();
  const order = Uint32Array.from({ length: n }, (_, k) => k).sort(
    (k, l) => Math.abs(diagonal[l]) - Math.abs(diagonal[k]),
  );
  fromStrips(numbers, strips.q, u, rows, n, order);
  fromStrips(numbers, strips.p, v, n, n, order);
  for (let k = 0; k < n; k++) {
    values[k] = Math.abs(diagonal[order[k]]);
    if (diagonal[order[k]] < 0) exchange(v, n, n, k, k, -1);
  }
  return true;
}
