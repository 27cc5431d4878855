/** The square of 2⁻⁴⁸⁰: matrices are scaled so that their largest entry is at least 2⁻³⁰⁰. */
const beneathNotice = 2 ** -960;

/**
 * The Householder reflection that maps a vector onto one of its axes: (I − τvvᵀ)x = β·e, v = 1 in that place.
 *
 * x is `count` numbers from `at` on, `stride` apart, and becomes v; `pivot` is the index within x of the place
 * kept. β = −sign(x_pivot)·‖x‖, so nothing cancels. The caller has scaled x so that squares neither overflow
 * nor lose what matters. A vector that already lies on the axis gives τ = 0.
 *
 * Source: Golub & Van Loan 2013, algorithm 5.1.1, with LAPACK's sign.
 *
 * @returns β; τ is left in `reflection.tau`.
 */
export function reflect(x: Float64Array, at: number, count: number, stride: number, pivot: number): number {
  let rest = 0;
  const end = at + count * stride;
  const place = at + pivot * stride;
  const alpha = x[place];
  for (let i = at; i < end; i += stride) if (i !== place) rest += x[i] * x[i];
  x[place] = 1;
  if (rest < beneathNotice) {
    // Squares that underflow would spoil v; entries so small, next to the largest, are taken for zeros.
    for (let i = at; i < end; i += stride) if (i !== place) x[i] = 0;
    reflection.tau = 0;
    return alpha;
  }
  const norm = Math.sqrt(alpha * alpha + rest);
  const beta = alpha > 0 ? -norm : norm;
  const scale = 1 / (alpha - beta);
  for (let i = at; i < end; i += stride) if (i !== place) x[i] *= scale;
  reflection.tau = (beta - alpha) / beta;
  return beta;
}

/**
 * Q ← (I − τvvᵀ)Q on the first `count` rows and `columns` columns of a row-major Q with rows `rowLength` apart.
 *
 * v is `count` numbers of `vectors` from `at` on. `work` has a number for each column.
 */
export function applyReflection(
  vectors: Float64Array,
  at: number,
  count: number,
  tau: number,
  q: Float64Array,
  rowLength: number,
  columns: number,
  work: Float64Array,
): void {
  if (tau === 0) return;
  for (let k = 0; k < columns; k++) work[k] = 0;
  for (let j = 0; j < count; j++) {
    const entry = vectors[at + j];
    const row = j * rowLength;
    for (let k = 0; k < columns; k++) work[k] += entry * q[row + k];
  }
  for (let j = 0; j < count; j++) {
    const factor = tau * vectors[at + j];
    const row = j * rowLength;
    for (let k = 0; k < columns; k++) q[row + k] -= factor * work[k];
  }
}

/** What `reflect` found last: a second result without an object for each. */
export const reflection = { tau: 0 };

/** The power of two by which to multiply a matrix whose largest entry is this, so that squares stay in range. */
export function safeScale(largest: number): number {
  if (largest === 0 || (largest > 2 ** -300 && largest < 2 ** 300)) return 1;
  // In two halves: the reciprocal of the smallest numbers is out of range.
  return 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}
