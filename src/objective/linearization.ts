import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import type { LabelSource, LayersSeen } from './layer.js';

/**
 * A model z = f(x) near the parameters x: its outputs, its Jacobian J as two products, and its loss as a function of
 * the outputs.
 */
export interface Linearization<T> {
  /** z, the rows of one example behind those of the one before. */
  readonly outputs: T;
  readonly examples: number;
  /** Jv, shaped like the outputs; with `paths`, leaves of v at others count as 0, which spares their part of the work. */
  push(v: Tree<T>, paths?: ReadonlySet<string>): T;
  /** Jᵀu, a tree like the parameters. */
  pull(u: T): Tree<T>;
  /**
   * uᵢᵀJᵢ of each example i apart, for the first u, then for the next: a tree like the parameters, each leaf with an axis
   * of these rows before its own. Those of one u add up to Jᵀu.
   */
  pullRows(us: readonly T[]): Tree<T>;
  readonly loss: OutputLoss<T>;
  /** What `layers` of an objective answers, without evaluating the model again. */
  layers?(labels: LabelSource, random: Random): LayersSeen<T>;
  /** c where the problem adds ½c‖x‖² to the loss of the outputs; 0 where it is left out. */
  readonly ridge?: number;
}

/** A batch's mean loss as a function of a model's outputs z, at those of a {@link Linearization}. */
export interface OutputLoss<T> {
  /** How many terms the mean is over: the examples, or examples × tokens. */
  readonly terms: number;
  /**
   * Hv, with H the Hessian of the mean loss by the outputs; where that is indefinite its expectation under labels
   * drawn from the model, which is positive semidefinite.
   */
  curvatureProduct(v: T): T;
  /** Lu with LLᵀ = H. */
  factorProduct(u: T): T;
  /**
   * The derivative r of the mean loss by z for the labels given; that of an example whose loss is multiplied by w is
   * divided by √w, so that rrᵀ counts it w times, as the curvature does.
   */
  residual(): T;
  /** terms·rᵢ(rᵢᵀvᵢ) for each term i: the product with the covariance of the residuals under the labels given. */
  residualProduct(v: T): T;
  /** The same for labels drawn from the model's own distribution: its covariance, times the terms, is H. */
  sampledResidual(random: Random): T;
}
