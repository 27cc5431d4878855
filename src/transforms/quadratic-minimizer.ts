/** A symmetric matrix from its upper triangle, row by row. */
export function symmetric(upper: readonly number[], n: number): number[][] {
  const rows = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      rows[i][j] = upper[at];
      rows[j][i] = upper[at++];
    }
  }
  return rows;
}

/** What of a direction's curvature must be left beside those before it, if it is to have a weight. */
const leastPivot = 1e-6;

/**
 * The w that minimizes bᵀw + ½wᵀQw over the first `free` entries, the others 0, by elimination; 0 also where a
 * direction depends on those before it to rounding, or has no curvature.
 */
export function minimizer(b: Float64Array, q: readonly (readonly number[])[], free: number): Float64Array {
  const rows = q.map((row, i) => [...row, -b[i]]);
  const n = b.length;
  const used: number[] = [];
  for (let i = 0; i < free; i++) {
    if (rows[i][i] <= (used.length === 0 ? 0 : leastPivot * q[i][i])) continue;
    used.push(i);
    for (let k = i + 1; k < free; k++) {
      const times = rows[k][i] / rows[i][i];
      for (let j = i; j <= n; j++) rows[k][j] -= times * rows[i][j];
    }
  }
  const w = new Float64Array(n);
  for (const i of used.reverse()) {
    w[i] = (rows[i][n] - used.reduce((sum, j) => (j > i ? sum + rows[i][j] * w[j] : sum), 0)) / rows[i][i];
  }
  return w;
}

/** The same with one weight for the first two. */
export function minimizerTied(
  b: Float64Array,
  q: readonly (readonly number[])[],
  free: number,
): Float64Array {
  const [, , ...rest] = b;
  const rows = [q[0].map((x, j) => x + q[1][j]), ...q.slice(2)].map(([x, y, ...others]) => [
    x + y,
    ...others,
  ]);
  const w = minimizer(Float64Array.of(b[0] + b[1], ...rest), rows, free - 1);
  return Float64Array.of(w[0], ...w);
}
