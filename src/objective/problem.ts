import type { Algebra } from '../algebra/algebra.js';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';

/** A loss over a parameter tree and a batch, its gradient, and, where known, its Hessian. */
export interface Problem<T, B = undefined> {
  readonly name: string;
  readonly algebra: Algebra<T>;
  /** Where a run begins: the same seed, the same start. */
  start(random: Random): Tree<T>;
  /** The mean loss over the batch, 0-d. */
  value(parameters: Tree<T>, batch: B): T;
  valueAndGradient(parameters: Tree<T>, batch: B): { readonly value: T; readonly gradient: Tree<T> };
  /** ∂²f over the flattened parameters (leaves in the order of `entries`), [n, n]. */
  hessian?(parameters: Tree<T>, batch: B): T;
  /** What the parameters are worth on data not trained on. */
  evaluate?(parameters: Tree<T>): Evaluation;
}

export interface Evaluation {
  readonly loss: number;
  /** The fraction answered rightly, where the problem is a classification. */
  readonly accuracy?: number;
}

/** Examples that can be drawn by their positions, kept on the host until a step wants them. */
export interface Examples<B> {
  readonly name: string;
  readonly size: number;
  /** The chosen examples as one batch. */
  batch(positions: Int32Array): B;
  release(batch: B): void;
}
