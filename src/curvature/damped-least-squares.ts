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
  const s = work.subarray(0, n * n);
  const rotated = work.subarray(n * n, n * n + n);
  const row = work.subarray(n * n + n, n * n + 2 * n);
  s.set(r.subarray(0, n * n));
  rotated.set(b.subarray(0, n));
  for (let j = 0; j < n; j++) {
    if (d[j] === 0) continue;
    // Rotate the row (0 … dⱼ … 0 | 0) into the triangle.
    row.fill(0);
    row[j] = d[j];
    let right = 0;
    for (let k = j; k < n; k++) {
      if (row[k] === 0) continue;
      const pivot = s[k * n + k];
      const length = Math.hypot(pivot, row[k]);
      const cosine = pivot / length;
      const sine = row[k] / length;
      for (let l = k; l < n; l++) {
        const upper = s[k * n + l];
        s[k * n + l] = cosine * upper + sine * row[l];
        row[l] = cosine * row[l] - sine * upper;
      }
      const upper = rotated[k];
      rotated[k] = cosine * upper + sine * right;
      right = cosine * right - sine * upper;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = rotated[i];
    for (let j = i + 1; j < n; j++) sum -= s[i * n + j] * x[j];
    const pivot = s[i * n + i];
    x[i] = pivot === 0 ? 0 : sum / pivot;
  }
}
