/**
 * Whose labels the output gradients are taken for: the batch's own ('given'), such as the model itself would give
 * ('sampled'), or none: the mean loss's Hessian by the outputs is LLᵀ, and Lu/√terms, u of random signs, is sent back
 * ('signs'), which has the covariance of sampled labels with less variance (kfac-jax's default). In all three the
 * curvature is terms·E[ggᵀ] summed over the examples, g one example's part of the gradient.
 */
export type LabelSource = 'given' | 'sampled' | 'signs';

/** A product x·W inside a model as one backward pass saw it, found by the provenance of W's gradient. */
export interface Layer<T> {
  /** The path of W, [in, out]. */
  readonly kernel: string;
  /** The path of the bias b added to the product, [out]. */
  readonly bias?: string;
  /** x, [examples·sharing, in]. */
  readonly inputs: T;
  /** The derivative of the batch's mean loss, its labels chosen by the source, by x·W, [examples·sharing, out]. */
  readonly errors: T;
  readonly examples: number;
  /** How many rows belong to one example: tokens, positions of a convolution. */
  readonly sharing: number;
}

/** The layers of a model on a batch. */
export interface LayersSeen<T> {
  /** How many terms the mean loss is over: the examples, or examples × tokens. */
  readonly terms: number;
  readonly layers: readonly Layer<T>[];
  /** Parameters that belong to no layer, and why. */
  readonly unmatched: readonly { readonly path: string; readonly reason: string }[];
}
