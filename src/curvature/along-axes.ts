import type { Algebra } from '../algebra/algebra.js';

/*
 * Tensors of any rank by products of matrices alone: read as [d₀, rest], Xᵀ·M is what M does along the first axis, and
 * that axis becomes the last. After one turn for each axis every axis is in its place again.
 */

/**
 * X along each axis k times Mₖ: Yⱼ₀ⱼ₁… = Σ Xᵢ₀ᵢ₁… (M₀)ᵢ₀ⱼ₀(M₁)ᵢ₁ⱼ₁…, or times Mₖᵀ; a vector stands for a diagonal
 * matrix, and an axis whose matrix is undefined is left alone.
 */
export function alongAxes<T>(
  algebra: Algebra<T>,
  x: T,
  matrices: readonly (T | undefined)[],
  transposed = false,
): T {
  const shape = algebra.shape(x);
  let turned = x;
  matrices.forEach((matrix, axis) => {
    const others = sizeOf(shape) / shape[axis];
    const unfolded = algebra.reshape(turned, [shape[axis], others]);
    if (matrix === undefined) turned = algebra.transpose(unfolded);
    else if (algebra.shape(matrix).length === 2) turned = algebra.matmul(unfolded, matrix, true, transposed);
    else turned = algebra.transpose(algebra.mul(unfolded, asColumns(algebra, matrix, others)));
  });
  return algebra.reshape(turned, shape);
}

/** A vector as every column of a matrix, by a product: an algebra does not broadcast. */
function asColumns<T>(algebra: Algebra<T>, vector: T, columns: number): T {
  const [n] = algebra.shape(vector);
  return algebra.matmul(algebra.reshape(vector, [n, 1]), algebra.fill([1, columns], 1));
}

/** The Gram matrix along one axis: Gᵢⱼ = Σ Xₐ·Xᵦ over the entries with i and j on this axis and else equal indices. */
export function gram<T>(algebra: Algebra<T>, x: T, axis: number): T {
  const shape = algebra.shape(x);
  const size = sizeOf(shape);
  if (axis === shape.length - 1) {
    const last = algebra.reshape(x, [size / shape[axis], shape[axis]]);
    return algebra.matmul(last, last, true);
  }
  const first = unfold(algebra, x, axis);
  return algebra.matmul(first, first, false, true);
}

/** The diagonal of the Gram matrix along one axis: Gᵢ = Σ Xₐ² over the entries with i on this axis. */
export function gramDiagonal<T>(algebra: Algebra<T>, x: T, axis: number): T {
  const squares = algebra.square(unfold(algebra, x, axis));
  const [n, others] = algebra.shape(squares);
  return algebra.reshape(algebra.matmul(squares, algebra.fill([others, 1], 1)), [n]);
}

/** X with this axis for its rows: [dₖ, rest]. */
function unfold<T>(algebra: Algebra<T>, x: T, axis: number): T {
  const shape = algebra.shape(x);
  const size = sizeOf(shape);
  let turned = x;
  for (let k = 0; k < axis; k++) {
    turned = algebra.transpose(algebra.reshape(turned, [shape[k], size / shape[k]]));
  }
  return algebra.reshape(turned, [shape[axis], size / shape[axis]]);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
