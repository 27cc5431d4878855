import type { Tree } from '../algebra/tree.js';

/** A function of the parameters alone: a problem bound to one batch. A search may evaluate it again and again. */
export interface Objective<T> {
  value(parameters: Tree<T>): T;
  /** The loss (0-d) and its gradient, a tree like the parameters. */
  valueAndGradient(parameters: Tree<T>): { readonly value: T; readonly gradient: Tree<T> };
  /** ∂²f over the flattened parameters (leaves in the order of `entries`), [n, n]. */
  hessian?(parameters: Tree<T>): T;
}
