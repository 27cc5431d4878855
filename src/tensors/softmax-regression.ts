import * as tf from '@tensorflow/tfjs';
import { wholeNumber } from '../algebra/argument.js';
import type { Tree } from '../algebra/tree.js';
import type { Dense } from './mlp.js';
import type { Model } from './model.js';
import { tensors } from './tensors.js';

/**
 * Softmax (multinomial logistic) regression: logits x·W + b, to be used with cross-entropy. Convex, so it
 * starts at 0.
 *
 * Parameters: `kernel` [inputs, classes], `bias` [classes].
 *
 * @throws RangeError unless both are whole numbers ≥ 1
 * @example classification(softmaxRegression(784, 10))
 */
export function softmaxRegression(inputs: number, classes: number): Model {
  wholeNumber('softmaxRegression', 'inputs', inputs, '[1, ∞)');
  wholeNumber('softmaxRegression', 'classes', classes, '[1, ∞)');
  return {
    name: `softmaxRegression(${inputs}-${classes})`,
    inputs,
    outputs: classes,
    start: () => ({ kernel: tensors.fill([inputs, classes], 0), bias: tensors.fill([classes], 0) }),
    outputsOf(parameters: Tree<tf.Tensor>, x: tf.Tensor) {
      const { kernel, bias } = parameters as unknown as Dense;
      return tf.add(tf.matMul(x, kernel), bias);
    },
  };
}
