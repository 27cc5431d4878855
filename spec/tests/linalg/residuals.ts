/**
 * LAPACK's residual ratios, written with plain loops only: each is below 30 for a backward stable algorithm.
 * Matrices are scaled to a largest entry near 1 first, so that no square in here overflows.
 */
const epsilon = 2 ** -52;

export function naiveProduct(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++)
        product[i * columns + j] += left[i * inner + k] * right[k * columns + j];
  return product;
}

export function naiveTranspose(a: ArrayLike<number>, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, k) => a[(k % m) * n + Math.floor(k / m)]);
}

export const frobenius = (a: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * a[i];
  return Math.sqrt(sum);
};

/** ‖A − B‖ / (size·‖A‖·ε) over entries scaled by A's largest; for A = 0 the norm of B over ε. */
export function differenceRatio(a: ArrayLike<number>, b: ArrayLike<number>, size: number): number {
  const difference = Float64Array.from({ length: a.length }, (_, i) => a[i] - b[i]);
  const norm = frobenius(a);
  return frobenius(difference) / (Math.max(1, size) * epsilon * (norm === 0 ? 1 : norm));
}

/** The power of two that brings the largest |entry| to [1, 2), split in two so that neither half overflows. */
export function normalized(a: ArrayLike<number>, ...others: ArrayLike<number>[]): Float64Array[] {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]));
  const exponent = largest === 0 ? 0 : Math.floor(Math.log2(largest));
  const half = 2 ** -Math.floor(exponent / 2);
  const rest = 2 ** -(exponent - Math.floor(exponent / 2));
  return [a, ...others].map((values) => Float64Array.from(values, (entry) => entry * half * rest));
}

/** ‖QᵀQ − I‖ / (m·ε) for m×n Q. */
export function orthogonality(q: ArrayLike<number>, m: number, n: number): number {
  const gram = naiveProduct(naiveTranspose(q, m, n), q, n, m, n);
  for (let i = 0; i < n; i++) gram[i * n + i] -= 1;
  return frobenius(gram) / (Math.max(m, 1) * epsilon);
}

/** ‖A − QΛQᵀ‖ / (n‖A‖ε). */
export function eigenResidual(
  a: ArrayLike<number>,
  n: number,
  values: ArrayLike<number>,
  vectors: ArrayLike<number>,
): number {
  return factorResidual(a, n, n, vectors, values, vectors);
}

/** ‖A − UΣVᵀ‖ / (max(m, n)‖A‖ε). */
export function factorResidual(
  a: ArrayLike<number>,
  m: number,
  n: number,
  u: ArrayLike<number>,
  values: ArrayLike<number>,
  v: ArrayLike<number>,
): number {
  const k = values.length;
  const [matrix, sigma] = normalized(a, values);
  const scaled = Float64Array.from(u, (entry, at) => entry * sigma[at % k]);
  return differenceRatio(matrix, naiveProduct(scaled, naiveTranspose(v, n, k), m, k, n), Math.max(m, n));
}

/** ‖A − LLᵀ‖ / (n‖A‖ε). */
export function choleskyResidual(a: ArrayLike<number>, n: number, l: ArrayLike<number>): number {
  return differenceRatio(a, naiveProduct(l, naiveTranspose(l, n, n), n, n, n), n);
}

/** The largest of the four Penrose ratios: AXA = A, XAX = X, AX and XA symmetric. */
export function penrose(a: ArrayLike<number>, m: number, n: number, x: ArrayLike<number>): number {
  const ax = naiveProduct(a, x, m, n, m);
  const xa = naiveProduct(x, a, n, m, n);
  const [normA, normX] = [frobenius(a), frobenius(x)];
  const size = Math.max(m, n) * epsilon;
  const distance = (p: ArrayLike<number>, q: ArrayLike<number>): number =>
    frobenius(Float64Array.from(p, (entry, i) => entry - q[i]));
  if (normA === 0) return normX / size;
  return Math.max(
    distance(naiveProduct(ax, a, m, m, n), a) / (normA * normX * normA * size),
    distance(naiveProduct(xa, x, n, n, m), x) / (normX * normA * normX * size),
    distance(ax, naiveTranspose(ax, m, m)) / (normA * normX * size),
    distance(xa, naiveTranspose(xa, n, n)) / (normA * normX * size),
  );
}

/** How far ‖X‖ is from √Σσ⁻², the norm of the pseudoinverse, as a multiple of size·κ·ε. */
export function normRatio(x: ArrayLike<number>, size: number, singularValues: readonly number[]): number {
  const expected = frobenius(singularValues.map((value) => 1 / value));
  const condition = Math.max(...singularValues) / Math.min(...singularValues);
  return Math.abs(frobenius(x) - expected) / (expected * size * condition * epsilon);
}
