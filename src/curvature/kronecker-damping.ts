/** Two symmetric factors on the host, row-major, and the π that divided the damping between them. */
export interface DampedFactors {
  readonly a: Float64Array;
  readonly g: Float64Array;
  readonly pi: number;
}

/**
 * (A + π√λ·I) ⊗ (G + √λ/π·I), π² = (tr A / dim A)/(tr G / dim G): the factored damping whose product is λ and whose
 * excess over A ⊗ G + λI is least.
 *
 * A factor of one entry needs none: a·(G + λ/a·I) is aG + λI itself. Where a factor is 0 so is A ⊗ G, and the answer
 * is λI, as √λI ⊗ √λI.
 * Source: Martens and Grosse 2015, section 6.3.
 *
 * @param a n×n, row-major; a copy is damped
 * @example dampedFactors(Float64Array.of(4), 1, Float64Array.of(2, 0, 0, 2), 2, 0.5).g // [2.125, 0, 0, 2.125]
 */
export function dampedFactors(
  a: Float64Array,
  n: number,
  g: Float64Array,
  m: number,
  lambda: number,
): DampedFactors {
  const meanA = trace(a, n) / n;
  const meanG = trace(g, m) / m;
  const root = Math.sqrt(lambda);
  if (meanA === 0 || meanG === 0) return { a: identity(n, root), g: identity(m, root), pi: 1 };
  if (n === 1) return { a: a.slice(), g: shifted(g, m, lambda / a[0]), pi: a[0] / root };
  if (m === 1) return { a: shifted(a, n, lambda / g[0]), g: g.slice(), pi: root / g[0] };
  const pi = Math.sqrt(meanA / meanG);
  return { a: shifted(a, n, pi * root), g: shifted(g, m, root / pi), pi };
}

export function trace(matrix: Float64Array, n: number): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += matrix[i * (n + 1)];
  return total;
}

function shifted(matrix: Float64Array, n: number, by: number): Float64Array {
  const result = matrix.slice();
  for (let i = 0; i < n; i++) result[i * (n + 1)] += by;
  return result;
}

function identity(n: number, times: number): Float64Array {
  return shifted(new Float64Array(n * n), n, times);
}
