import * as tf from '@tensorflow/tfjs';

/** A product of two matrices, either read transposed. */
export interface MatrixProduct {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The kernel of C + A·B, where a backend has it: inputs a, b, c, and which are transposed. */
export const addProductKernel = 'FluxionAddProduct';

/**
 * C + A·B. It costs no more than A·B, where the backend begins the sums of a product with what there is.
 *
 * @param c [rows, columns], or [columns], to be added to each row
 * @example addProduct(c, { a, b, transposeA: false, transposeB: true }) // C + A·Bᵀ
 */
export function addProduct(c: tf.Tensor, { a, b, transposeA, transposeB }: MatrixProduct): tf.Tensor {
  const { backendName, state } = tf.engine();
  // A tape knows no gradient of it.
  if (state.gradientDepth > 0 || tf.getKernel(addProductKernel, backendName) === undefined) {
    return tf.tidy(() => tf.add(c, tf.matMul(a, b, transposeA, transposeB)));
  }
  return tf.engine().runKernel(addProductKernel, { a, b, c }, { transposeA, transposeB });
}
