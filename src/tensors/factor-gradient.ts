import * as tf from '@tensorflow/tfjs';
import type { MatrixProduct } from './operations/add-product.js';
import { denseOperation } from './operations/dense.js';
import type { TapeNode } from './tangents.js';

/**
 * The gradient by one factor of a product of two matrices, as the product that it is: of y = a·b they are dy·bᵀ and
 * aᵀ·dy. Undefined for another operation, and for a bias.
 */
export function factorGradient(
  { kernelName, saved, attrs }: TapeNode,
  input: string,
  dy: tf.Tensor,
): MatrixProduct | undefined {
  const [left, right] = saved ?? [];
  const plain = { transposeA: false, transposeB: false };
  if (kernelName === denseOperation.name) {
    if (input === 'x') return { ...plain, a: dy, b: right, transposeB: true };
    return input === 'kernel' ? { ...plain, a: left, b: dy, transposeA: true } : undefined;
  }
  if (kernelName !== tf.BatchMatMul || attrs === undefined || saved?.length !== 2) return undefined;
  if (left.rank !== 2 || right.rank !== 2) return undefined;
  const { transposeA = false, transposeB = false } = attrs as Partial<MatrixProduct>;
  if (input === 'a') {
    return transposeA
      ? { a: right, b: dy, transposeA: transposeB, transposeB: true }
      : { a: dy, b: right, transposeA: false, transposeB: !transposeB };
  }
  return transposeB
    ? { a: dy, b: left, transposeA: true, transposeB: transposeA }
    : { a: left, b: dy, transposeA: !transposeA, transposeB: false };
}
