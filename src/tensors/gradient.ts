import * as tf from '@tensorflow/tfjs';
import { leaves, mapTree, type Tree } from '../algebra/tree.js';
import { tensors } from './tensors.js';

/**
 * f(x) and ∇f(x) from one forward and one backward pass; a leaf f does not depend on has gradient 0.
 *
 * @param f maps the tree to a 0-d tensor by operations of TensorFlow.js
 * @throws RangeError where f returns anything but a 0-d tensor; TypeError where it depends on no parameter
 * @example
 * const { value, gradient } = valueAndGradient((x) => tf.sum(tf.square(x as tf.Tensor)), tf.tensor1d([1, 2]));
 */
export function valueAndGradient(
  f: (parameters: Tree<tf.Tensor>) => tf.Tensor,
  parameters: Tree<tf.Tensor>,
): { value: tf.Tensor; gradient: Tree<tf.Tensor> } {
  const xs = leaves(tensors, parameters);
  return tensors.scope(() => {
    const { value, grads } = tf.engine().gradients(() => checkedLoss(f(parameters)), xs, undefined, true);
    checkDependence(grads);
    return { value, gradient: gradientTree(grads, parameters) };
  });
}

/** A tape's gradients, in the order of the leaves, as a tree; 0 where there is none. */
export function gradientTree(
  gradients: readonly (tf.Tensor | null | undefined)[],
  parameters: Tree<tf.Tensor>,
): Tree<tf.Tensor> {
  let next = 0;
  return mapTree(tensors, (x) => gradients[next++] ?? tf.zerosLike(x), parameters);
}

/** @throws TypeError where there is no gradient at all */
export function checkDependence(gradients: readonly (tf.Tensor | null | undefined)[]): void {
  if (gradients.some((one) => one)) return;
  throw new TypeError(
    'valueAndGradient(f): expected a loss made of its parameters by operations of TensorFlow.js, got one that ' +
      'depends on none of them',
  );
}

/** @throws RangeError where it is no 0-d tensor */
export function checkedLoss(value: unknown): tf.Tensor {
  if (value instanceof tf.Tensor && value.rank === 0) return value;
  const got = value instanceof tf.Tensor ? `shape [${value.shape}]` : String(value);
  throw new RangeError(`valueAndGradient(f): expected a 0-d tensor, got ${got}`);
}
