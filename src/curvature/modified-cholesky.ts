/**
 * The factorization H + E = LDLᵀ with a diagonal E ≥ 0 just large enough that every pivot is at least δ, and
 * no entry of L√D grows beyond β: positive definite whatever the symmetric H, and E = 0 where H is safely so.
 *
 * `factor` [n, n] receives L below and D on the diagonal; `h` is left unchanged. Answers the largest entry of E.
 * Source: Gill, Murray and Wright 1981, section 4.4.2.2.
 */
export function modifiedCholesky(h: Float64Array, n: number, factor: Float64Array): number {
  let diagonal = 0;
  let offDiagonal = 0;
  for (let i = 0; i < n; i++) {
    diagonal = Math.max(diagonal, Math.abs(h[i * (n + 1)]));
    for (let j = 0; j < i; j++) offDiagonal = Math.max(offDiagonal, Math.abs(h[i * n + j]));
  }
  const epsilon = Number.EPSILON;
  const delta = epsilon * Math.max(diagonal + offDiagonal, 1);
  const betaSquared = Math.max(diagonal, offDiagonal / Math.max(1, Math.sqrt(n * n - 1)), epsilon);
  let largestShift = 0;
  // cᵢⱼ = lᵢⱼdⱼ stands in the place of lᵢⱼ until column j is done.
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) factor[i * n + j] = h[i * n + j];
  for (let j = 0; j < n; j++) {
    const pivotRow = j * n;
    for (let k = 0; k < j; k++) factor[pivotRow + k] /= factor[k * (n + 1)];
    let theta = 0;
    for (let i = j + 1; i < n; i++) {
      const row = i * n;
      for (let k = 0; k < j; k++) factor[row + j] -= factor[pivotRow + k] * factor[row + k];
      theta = Math.max(theta, Math.abs(factor[row + j]));
    }
    const given = factor[pivotRow + j];
    const pivot = Math.max(Math.abs(given), (theta * theta) / betaSquared, delta);
    largestShift = Math.max(largestShift, pivot - given);
    factor[pivotRow + j] = pivot;
    for (let i = j + 1; i < n; i++) factor[i * (n + 1)] -= factor[i * n + j] ** 2 / pivot;
  }
  return largestShift;
}

/** Solves LDLᵀx = b in place. */
export function modifiedCholeskySolve(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) x[i] -= factor[i * n + k] * x[k];
  for (let i = 0; i < n; i++) x[i] /= factor[i * (n + 1)];
  for (let i = n - 1; i >= 0; i--) for (let k = 0; k < i; k++) x[k] -= factor[i * n + k] * x[i];
}
