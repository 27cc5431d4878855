import { chosen, flag, type OptionsOf } from '../algebra/option.js';
import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { safeScale } from './kernels/householder.js';
import { type ColumnsAsRows, triangularize } from './kernels/reflected-columns.js';
import { upToFour, workspace } from './kernels/workspace.js';
import { dimension, entries } from './matrix-argument.js';
import type { Qr } from './qr-factors.js';
import { largest } from './vector.js';

export { applyQ, type Qr, qrSolve, upperFactor } from './qr-factors.js';

/** Arrays to write into, so that repeated calls allocate none. `factors` may be the matrix itself. */
export interface QrWorkspace {
  readonly factors: Float64Array;
  readonly tau: Float64Array;
  readonly columns: Int32Array;
}

/** Room for the factors of an m×n matrix. */
export function qrWorkspace(m: number, n: number): QrWorkspace {
  return {
    factors: new Float64Array(m * n),
    tau: new Float64Array(Math.min(m, n)),
    columns: new Int32Array(n),
  };
}

export interface QrOptions {
  /** Whether the column of the largest remaining norm comes first; false keeps the order. */
  readonly pivoting?: boolean;
  readonly into?: QrWorkspace;
}

export const qrOptions: OptionsOf<Pick<QrOptions, 'pivoting'>> = {
  pivoting: flag(true, 'whether the column of the largest remaining norm comes first; false keeps the order'),
};

const handed = ['into'];

/** Up to so many entries plain loops are faster than the kernels. */
const smallEntries = 600;
let held = new Float64Array(256);

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
  const { pivoting } = chosen('qr', qrOptions, options, handed);
  dimension('qr', 'm', m);
  dimension('qr', 'n', n);
  entries('qr', 'a', a, m, n);
  const { factors, tau, columns } = options.into ?? qrWorkspace(m, n);
  const steps = Math.min(m, n);
  entries('qr', 'into.factors', factors, m, n);
  entries('qr', 'into.tau', tau, steps);
  if (columns.length !== n)
    throw new RangeError(`qr(into.columns): expected ${n} entries, got ${columns.length}`);
  const most = largest(a);
  if (!(most < Number.POSITIVE_INFINITY)) return nonFinite;
  const scale = safeScale(most);
  const places = layOut(m, n);
  const { numbers, at, rowLength } = places;
  for (let j = 0; j < n; j++) {
    columns[j] = j;
    const row = at + j * rowLength;
    for (let i = 0; i < m; i++) numbers[row + i] = a[i * n + j] * scale;
  }
  triangularize(places, tau, columns, pivoting);
  for (let j = 0; j < n; j++) {
    const row = at + j * rowLength;
    for (let i = 0; i < m; i++) factors[i * n + j] = i <= j ? numbers[row + i] / scale : numbers[row + i];
  }
  if (!allFinite(factors)) return nonFinite;
  const noise = Math.max(m, n) * 2 ** -52 * (steps > 0 ? Math.abs(factors[0]) : 0);
  let rank = 0;
  while (rank < steps && Math.abs(factors[rank * n + rank]) > noise) rank++;
  return { kind: 'factored', m, n, factors, tau, columns, rank };
}

/** Room for the matrix, column after column, and for what the algorithm needs beside it. */
function layOut(m: number, n: number): ColumnsAsRows {
  if (m * n <= smallEntries) {
    const needed = m * n + m + 3 * n;
    if (held.length < needed) held = new Float64Array(2 * needed);
    return { numbers: held, at: 0, m, n, rowLength: m, work: m * n };
  }
  const rowLength = upToFour(m);
  // The kernels take four columns at a time, and may run past the last one.
  const work = (n + 4) * rowLength;
  const kernels = workspace(work + rowLength + 3 * n + 4);
  kernels.numbers.fill(0, 0, work + rowLength + 3 * n + 4);
  return { numbers: kernels.numbers, at: 0, m, n, rowLength, work, kernels };
}
