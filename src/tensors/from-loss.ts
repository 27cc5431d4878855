import * as tf from '@tensorflow/tfjs';
import { shown } from '../algebra/argument.js';
import { entries, type Tree } from '../algebra/tree.js';
import type { Evaluation, Problem } from '../objective/problem.js';
import { valueAndGradient } from './gradient.js';
import { tensors } from './tensors.js';

/** A problem of one's own, by its loss alone: the gradient is derived from the operations in it. */
export interface UserModel<P extends Tree<tf.Tensor> = Tree<tf.Tensor>, B = unknown> {
  readonly name: string;
  /** Where a run begins: float32 tensors, each a leaf of its own. */
  parameters(seed: number): P;
  /** The mean loss over the batch, 0-d, by operations of TensorFlow.js. */
  loss(parameters: P, batch: B): tf.Tensor;
  /**
   * Batches in the order of training. `train` leaves a batch to whoever made it; a race frees the tensors that
   * were made for one batch alone, when the next is asked for, and leaves those that are given again and again.
   */
  batches(seed: number): Iterable<B> | AsyncIterable<B>;
  /** What the parameters are worth on data not trained on. */
  evaluate?(parameters: P): Evaluation;
}

/**
 * A problem made of a loss. Its seed is drawn from the run's random stream.
 *
 * @throws TypeError naming the module and the member, where `parameters` gives anything but a tree of
 *   distinct float32 tensors, `loss` anything but a 0-d tensor, or `evaluate` anything but numbers
 * @example
 * fromLoss({
 *   name: 'line',
 *   parameters: () => ({ slope: tf.scalar(0) }),
 *   loss: ({ slope }, { x, y }) => tf.mean(tf.squaredDifference(tf.mul(slope, x), y)),
 *   *batches() { for (;;) yield { x: tf.tensor1d([1, 2]), y: tf.tensor1d([2, 4]) }; },
 * });
 */
export function fromLoss<P extends Tree<tf.Tensor>, B>(model: UserModel<P, B>): Problem<tf.Tensor, B> {
  const { name } = model;
  const loss = (parameters: Tree<tf.Tensor>, batch: B) => {
    const value: unknown = model.loss(parameters as P, batch);
    if (value instanceof tf.Tensor && value.rank === 0 && value.dtype === 'float32') return value;
    throw new TypeError(`${name}.loss: expected a 0-d float32 tensor, got ${described(value)}`);
  };
  const evaluate = (parameters: Tree<tf.Tensor>) =>
    tensors.scope(() => checkedEvaluation(name, model.evaluate!(parameters as P)));
  return {
    name,
    algebra: tensors,
    start: (random) =>
      tensors.scope(() => {
        const parameters = model.parameters(random.integer(2 ** 31));
        check(name, parameters);
        return parameters;
      }),
    value: (parameters, batch) => tensors.scope(() => loss(parameters, batch)),
    valueAndGradient: (parameters, batch) => valueAndGradient((x) => loss(x, batch), parameters),
    ...(model.evaluate && { evaluate }),
  };
}

function check(name: string, parameters: Tree<tf.Tensor>): void {
  const seen = new Map<tf.Tensor, string>();
  const visit = (node: unknown, path: string): void => {
    const place = `${name}.parameters${path && `(${path})`}`;
    if (node instanceof tf.Tensor) {
      if (node.isDisposed) {
        throw new TypeError(
          `${place}: expected a tensor, got one that was disposed; make new ones for each run`,
        );
      }
      if (node.dtype !== 'float32') {
        throw new TypeError(`${place}: expected a float32 tensor, got ${described(node)}`);
      }
      if (seen.has(node)) {
        throw new TypeError(`${place}: expected a tensor of its own, got the one at ${seen.get(node)}`);
      }
      seen.set(node, path);
      return;
    }
    if (node === null || typeof node !== 'object' || node instanceof Promise) {
      throw new TypeError(`${place}: expected a tensor, or a list or record of tensors, got ${shown(node)}`);
    }
    for (const [key, child] of Object.entries(node)) visit(child, path === '' ? key : `${path}/${key}`);
  };
  visit(parameters, '');
  if (entries(tensors, parameters).length === 0) {
    throw new TypeError(`${name}.parameters: expected at least one tensor, got none`);
  }
}

function checkedEvaluation(name: string, evaluation: Evaluation): Evaluation {
  const { loss, accuracy } = (evaluation ?? {}) as { [key in keyof Evaluation]?: unknown };
  if (typeof loss === 'number' && (accuracy === undefined || typeof accuracy === 'number')) return evaluation;
  throw new TypeError(
    `${name}.evaluate: expected { loss, accuracy? } with numbers, got ` +
      `{ loss: ${shown(loss)}, accuracy: ${shown(accuracy)} }`,
  );
}

function described(value: unknown): string {
  return value instanceof tf.Tensor ? `one of shape [${value.shape}] and dtype ${value.dtype}` : shown(value);
}
