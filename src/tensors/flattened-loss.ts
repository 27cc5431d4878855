import type * as tf from '@tensorflow/tfjs';
import { flatten, treeSize, unflatten } from '../algebra/flatten.js';
import { numbers } from '../algebra/numbers.js';
import type { Tree } from '../algebra/tree.js';
import type { Minimization } from '../objective/evaluations.js';
import { valueAndGradient } from './gradient.js';
import { tensors } from './tensors.js';

/** A loss of TensorFlow.js as a function of one vector x, all parameters one after the other. */
export interface FlattenedLoss<P> extends Minimization {
  /** The parameters that were given, as x. */
  readonly start: Float64Array;
  gradient(x: Float64Array): Float64Array;
  /** x as parameters: new tensors, the caller's to dispose of. */
  parameters(x: ArrayLike<number>): P;
}

/**
 * Makes a loss a problem for `minimize`: f(x) = loss(parameters of x), with its gradient by one forward and one
 * backward pass for both.
 *
 * x holds the leaves in the order of their keys, each row-major. The loss computes in float32, whose rounding a
 * search meets near a minimum: a `gradientTolerance` of 1e-4 is sensible for a loss near 1. Meant for methods that
 * ask for gradients alone (lbfgs, bfgs, nonlinearConjugateGradient); differences of float32 gradients make poor
 * Hessians.
 *
 * @param loss maps the parameters to a 0-d tensor by operations of TensorFlow.js; what else it needs it encloses
 * @param parameters where to begin; copied, and left as they are
 * @throws RangeError, when called, where the loss is anything but a 0-d tensor or x has another length
 * @example
 * const [x, y] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([3, 5, 7])];
 * const line = flattenedLoss(
 *   ({ slope, offset }) => tf.mean(tf.squaredDifference(tf.add(tf.mul(slope, x), offset), y)),
 *   { slope: tf.scalar(0), offset: tf.scalar(0) },
 * );
 * const fit = minimize(line, line.start, lbfgs(), { gradientTolerance: 1e-4 });
 * const { slope } = line.parameters(fit.x); // near 2
 */
export function flattenedLoss<P extends Tree<tf.Tensor>>(
  loss: (parameters: P) => tf.Tensor,
  parameters: P,
): FlattenedLoss<P> {
  const n = treeSize(tensors, parameters);
  const parametersOf = (x: ArrayLike<number>) => {
    numbers('flattenedLoss', 'x', x);
    if (x.length !== n) throw new RangeError(`flattenedLoss(x): expected ${n} numbers, got ${x.length}`);
    return unflatten(tensors, Float64Array.from(x), parameters) as P;
  };
  let known:
    | { readonly x: Float64Array; readonly value: number; readonly gradient: Float64Array }
    | undefined;
  const at = (x: Float64Array) => {
    if (known === undefined || !x.every((xi, i) => Object.is(xi, known?.x[i]))) {
      const found = { value: Number.NaN, gradient: new Float64Array(n) as Float64Array };
      tensors.scope(() => {
        const { value, gradient } = valueAndGradient((tree) => loss(tree as P), parametersOf(x));
        found.value = tensors.number(value);
        found.gradient = flatten(tensors, gradient);
        return [];
      });
      known = { x: x.slice(), ...found };
    }
    return known;
  };
  return {
    start: flatten(tensors, parameters),
    value: (x) => at(x).value,
    gradient: (x) => at(x).gradient,
    parameters: parametersOf,
  };
}
