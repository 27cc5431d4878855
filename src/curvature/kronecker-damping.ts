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
  const shifts = dampingShifts(trace(a, n) / n, n, trace(g, m) / m, m, lambda);
  if (shifts === undefined) {
    const root = Math.sqrt(lambda);
    return { a: identity(n, root), g: identity(m, root), pi: 1 };
  }
  return { a: shifted(a, n, shifts.a), g: shifted(g, m, shifts.g), pi: shifts.pi };
}

/** The multiples of I that damp the factors, from the means of their diagonals; undefined where a factor is 0. */
export function dampingShifts(
  meanA: number,
  n: number,
  meanG: number,
  m: number,
  lambda: number,
): { readonly a: number; readonly g: number; readonly pi: number } | undefined {
  const root = Math.sqrt(lambda);
  if (meanA === 0 || meanG === 0) return undefined;
  if (n === 1) return { a: 0, g: lambda / meanA, pi: meanA / root };
  if (m === 1) return { a: lambda / meanG, g: 0, pi: root / meanG };
  const pi = Math.sqrt(meanA / meanG);
  return { a: pi * root, g: root / pi, pi };
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
