/**
 * Minimizes ‖Rx − b‖² + Σ (dⱼxⱼ)² for an upper triangular R by Givens rotations: the damped step of
 * Levenberg and Marquardt without normal equations, whose condition would be squared.
 *
 * R is n×n, row-major, read above and on its diagonal only, and unchanged; so are d and b. A column that is zero
 * in R and in d gets xⱼ = 0. `work` is n·n + 2n numbers.
 * Source: Moré 1978, section 3; Golub and Van Loan 2013, section 6.1.
 */
export function dampedTriangularSolve(
  r: Float64Array,
  d: Float64Array,
  b: Float64Array,
  x: Float64Array,
  work: Float64Array,
): void {
  const n = d.length;
  const [rotated, row] = [n * n, n * n + n]; // the triangle first, then the right side, then the row rotated in
  for (let i = 0; i < rotated; i++) work[i] = r[i];
  for (let i = 0; i < n; i++) work[rotated + i] = b[i];
  for (let j = 0; j < n; j++) {
    if (d[j] === 0) continue;
    // Rotate the row (0 … dⱼ … 0 | 0) into the triangle.
    for (let k = j; k < n; k++) work[row + k] = 0;
    work[row + j] = d[j];
    let right = 0;
    for (let k = j; k < n; k++) {
      const entry = work[row + k];
      if (entry === 0) continue;
      const pivot = work[k * n + k];
      const square = pivot * pivot + entry * entry;
      const length = square > tiny && square < huge ? Math.sqrt(square) : Math.hypot(pivot, entry);
      const cosine = pivot / length;
      const sine = entry / length;
      for (let l = k; l < n; l++) {
        const upper = work[k * n + l];
        const lower = work[row + l];
        work[k * n + l] = cosine * upper + sine * lower;
        work[row + l] = cosine * lower - sine * upper;
      }
      const upper = work[rotated + k];
      work[rotated + k] = cosine * upper + sine * right;
      right = cosine * right - sine * upper;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = work[rotated + i];
    for (let j = i + 1; j < n; j++) sum -= work[i * n + j] * x[j];
    const pivot = work[i * n + i];
    x[i] = pivot === 0 ? 0 : sum / pivot;
  }
}

/** Between these a sum of squares has lost nothing to under- or overflow. */
const [tiny, huge] = [2 ** -900, 2 ** 1000];
