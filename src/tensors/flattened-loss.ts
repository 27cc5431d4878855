import type * as tf from '@tensorflow/tfjs';
import { leaves, mapTree, type Tree } from '../algebra/tree.js';
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
  const shapes = leaves(tensors, parameters).map((leaf) => leaf.shape);
  const sizes = leaves(tensors, parameters).map((leaf) => leaf.size);
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const flatten = (tree: Tree<tf.Tensor>) => {
    const x = new Float64Array(n);
    let at = 0;
    for (const leaf of leaves(tensors, tree)) {
      x.set(tensors.values(leaf), at);
      at += leaf.size;
    }
    return x;
  };
  const unflatten = (x: ArrayLike<number>) => {
    if (x.length !== n) throw new RangeError(`flattenedLoss(x): expected ${n} numbers, got ${x.length}`);
    const values = Float64Array.from(x);
    let [at, i] = [0, 0];
    const next = () => {
      const begin = at;
      at += sizes[i];
      return tensors.array(values.subarray(begin, at), shapes[i++]);
    };
    return mapTree<tf.Tensor>(tensors, next, parameters) as P;
  };
  let known:
    | { readonly x: Float64Array; readonly value: number; readonly gradient: Float64Array }
    | undefined;
  const at = (x: Float64Array) => {
    if (known === undefined || !x.every((xi, i) => Object.is(xi, known?.x[i]))) {
      const found = { value: Number.NaN, gradient: new Float64Array(n) };
      tensors.scope(() => {
        const { value, gradient } = valueAndGradient((tree) => loss(tree as P), unflatten(x));
        found.value = tensors.number(value);
        found.gradient = flatten(gradient);
        return [];
      });
      known = { x: x.slice(), ...found };
    }
    return known;
  };
  return {
    start: flatten(parameters),
    value: (x) => at(x).value,
    gradient: (x) => at(x).gradient,
    parameters: unflatten,
  };
}
