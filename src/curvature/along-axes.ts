import type { Algebra } from '../algebra/algebra.js';

/*
 * Tensors of any rank by products of matrices alone: read as [d₀, rest], Xᵀ·M is what M does along the first axis, and
 * that axis becomes the last. After one turn for each axis every axis is in its place again.
 */

/**
 * X along each axis k times Mₖ: Yⱼ₀ⱼ₁… = Σ Xᵢ₀ᵢ₁… (M₀)ᵢ₀ⱼ₀(M₁)ᵢ₁ⱼ₁…, or times Mₖᵀ; an axis whose matrix is undefined
 * is left alone.
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
    const unfolded = algebra.reshape(turned, [shape[axis], sizeOf(shape) / shape[axis]]);
    turned =
      matrix === undefined ? algebra.transpose(unfolded) : algebra.matmul(unfolded, matrix, true, transposed);
  });
  return algebra.reshape(turned, shape);
}

/** The Gram matrix along one axis: Gᵢⱼ = Σ Xₐ·Xᵦ over the entries with i and j on this axis and else equal indices. */
export function gram<T>(algebra: Algebra<T>, x: T, axis: number): T {
  const shape = algebra.shape(x);
  const size = sizeOf(shape);
  if (axis === shape.length - 1) {
    const last = algebra.reshape(x, [size / shape[axis], shape[axis]]);
    return algebra.matmul(last, last, true);
  }
  let turned = x;
  for (let k = 0; k < axis; k++) {
    turned = algebra.transpose(algebra.reshape(turned, [shape[k], size / shape[k]]));
  }
  const first = algebra.reshape(turned, [shape[axis], size / shape[axis]]);
  return algebra.matmul(first, first, false, true);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
