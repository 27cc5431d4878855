import * as tensorflow from '@tensorflow/tfjs';
import type { Family } from '../gradients/gradient.js';
import { compute, type Fused } from './fused.js';

type Tensor = tensorflow.Tensor;

/** Inputs x [n, in], kernel [in, out], bias [out]. */
export const denseOperation: Fused = {
  name: 'FluxionDense',
  inputs: ['x', 'kernel', 'bias'],
  composed: (tf, [x, kernel, bias]) => tf.add(tf.matMul(x, kernel), bias),
};

/** The gradient by the kernel is a product of its own, xᵀ·dy. */
export const denseGradients: Family = (tf) => [
  {
    kernelName: denseOperation.name,
    inputsToSave: ['x', 'kernel'],
    gradFunc: (given, [x, kernel]) => {
      const dy = given as Tensor;
      return {
        x: () => tf.matMul(dy, kernel, false, true),
        kernel: () => tf.matMul(x, dy, true, false),
        bias: () => tf.sum(dy, 0),
      };
    },
  },
];

/**
 * A dense layer, x·W + b.
 *
 * @param x [n, in]
 * @param kernel W, [in, out]
 * @param bias b, [out]
 * @example dense(tf.tensor2d([[1, 2]]), tf.tensor2d([[1], [1]]), tf.tensor1d([3])) // [[6]]
 */
export function dense(x: Tensor, kernel: Tensor, bias: Tensor): Tensor {
  const [inputs, outputs] = kernel.shape;
  if (x.rank !== 2 || kernel.rank !== 2 || x.shape[1] !== inputs) {
    throw new RangeError(
      `dense(kernel): expected [n, in] and [in, out], got [${x.shape}] and [${kernel.shape}]`,
    );
  }
  if (bias.rank !== 1 || bias.shape[0] !== outputs) {
    throw new RangeError(`dense(bias): expected shape [${outputs}], got [${bias.shape}]`);
  }
  return compute(tensorflow, denseOperation, [x, kernel, bias]);
}
