import type { Algebra } from '../algebra/algebra.js';
import { positiveDefiniteInverse } from '../linalg/inverse.js';

/** Blocks of so many rows are inverted on the host, in float64. */
const hostRows = 128;

/**
 * (A + sI)⁻¹ of a symmetric positive definite matrix by its blocks, as products in the arithmetic of A: with
 * X = A₁₁⁻¹, Y = XA₁₂ and Z = (A₂₂ − A₁₂ᵀY)⁻¹ it is [X + YZYᵀ, −YZ; −ZYᵀ, Z]. So it takes 4n³/3 operations there, and
 * reads no more than blocks on the diagonal.
 *
 * Its relative error is of the order of κ·ε, ε that of the arithmetic.
 * Source: the inverse of a partitioned matrix, Banachiewicz 1937.
 *
 * @param a [n, n]
 * @param shift s
 * @param rows the most rows of a block that is inverted on the host
 * @returns undefined where a block is not positive definite to rounding, or not finite
 * @example blockInverse(tensors, tensors.array([2, 0, 0, 2], [2, 2]), 2) // [[0.25, 0], [0, 0.25]]
 */
export function blockInverse<T>(algebra: Algebra<T>, a: T, shift: number, rows = hostRows): T | undefined {
  const [n] = algebra.shape(a);
  if (n <= rows) return onHost(algebra, a, n, shift);
  return algebra.scope((): { inverse?: T } => {
    const k = Math.ceil(n / 2);
    const block = (i: number, j: number, height: number, width: number) =>
      algebra.slice(a, [i, j], [height, width]);
    const x = blockInverse(algebra, block(0, 0, k, k), shift, rows);
    if (x === undefined) return {};
    const beside = block(0, k, k, n - k);
    const y = algebra.matmul(x, beside);
    const rest = algebra.sub(block(k, k, n - k, n - k), algebra.matmul(beside, y, true));
    const z = blockInverse(algebra, rest, shift, rows);
    if (z === undefined) return {};
    const yz = algebra.matmul(y, z);
    const corner = algebra.neg(yz);
    const above = algebra.concat([algebra.add(x, algebra.matmul(yz, y, false, true)), corner], 1);
    return { inverse: algebra.concat([above, algebra.concat([algebra.transpose(corner), z], 1)], 0) };
  }).inverse;
}

function onHost<T>(algebra: Algebra<T>, a: T, n: number, shift: number): T | undefined {
  const values = algebra.values(a);
  for (let i = 0; i < n; i++) values[i * (n + 1)] += shift;
  const found = positiveDefiniteInverse(values, n, values);
  return found.kind === 'inverted' ? algebra.array(found.inverse, [n, n]) : undefined;
}

/** ‖(A + sI)Xv − v‖/‖v‖ for v of ones: how far X is from the inverse, by two products with vectors. */
export function inverseResidual<T>(algebra: Algebra<T>, a: T, shift: number, x: T): number {
  const [n] = algebra.shape(a);
  const square = algebra.scope(() => {
    const y = algebra.matmul(x, algebra.fill([n, 1], 1));
    const back = algebra.combine(1, algebra.matmul(a, y), shift, y);
    const left = algebra.add(back, -1);
    return algebra.dot(left, left);
  });
  const value = algebra.number(square);
  algebra.release(square);
  return Math.sqrt(value / n);
}

/** The diagonal of a square matrix on the host; nothing else of it is read. */
export function diagonalOf<T>(algebra: Algebra<T>, a: T): Float64Array {
  const [n] = algebra.shape(a);
  const entries = algebra.scope(() => {
    // Rows of n + 1 entries begin with those of the diagonal, but for the last.
    const flat = algebra.reshape(a, [n * n]);
    const last = algebra.slice(flat, [n * n - 1], [1]);
    if (n === 1) return last;
    const skewed = algebra.reshape(algebra.slice(flat, [0], [n * n - 1]), [n - 1, n + 1]);
    const first = algebra.reshape(algebra.slice(skewed, [0, 0], [n - 1, 1]), [n - 1]);
    return algebra.concat([first, last], 0);
  });
  const values = algebra.values(entries);
  algebra.release(entries);
  return values;
}
