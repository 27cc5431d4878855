export type LossName = 'softmax' | 'sigmoid' | 'squared' | 'gaussian';

/** An affine change before and after an activation φ: y ↦ φ(yΩ + τ)Φ + γ. */
export interface Surround {
  /** Ω and Φ, [out, out]. */
  readonly omega: Float64Array;
  readonly tau: Float64Array;
  readonly phi: Float64Array;
  readonly gamma: Float64Array;
}

export interface NetworkLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: 'linear' | 'tanh';
  readonly bias: boolean;
  /** How often in a row the layer is applied, with the same weights; default once. */
  readonly times?: number;
  readonly surround?: Surround;
}

/** Dense layers over rows: each example is `sharing` rows, which meet, if at all, in the mean of the last outputs. */
export interface Network {
  readonly layers: readonly NetworkLayer[];
  readonly sharing: number;
  /** Whether an example's rows are averaged to one term of the loss; else each row is a term. */
  readonly pooled: boolean;
  readonly loss: LossName;
}

/** A network, its parameters and a batch. */
export interface Setting {
  readonly network: Network;
  readonly x: Float64Array;
  /** [examples·sharing, in] */
  readonly inputs: Float64Array;
  /** One label a term. */
  readonly labels: Float64Array;
}

/** What a layer of weights [in, out] saw of a batch. */
export interface LayerSeen {
  /** [rows, in] */
  readonly inputs: Float64Array;
  /** The derivative of the mean loss by what the layer put out, [rows, out], for the labels given. */
  readonly errors: Float64Array;
  readonly in: number;
  readonly out: number;
  /** Whether `out` biases stand behind the weights. */
  readonly bias: boolean;
  /** Where the weights begin in the flat parameters. */
  readonly at: number;
  /** How many rows an example has. */
  readonly sharing: number;
}

/** A network at its parameters, with one batch. */
export interface NetworkSeen {
  /** How many terms the mean loss is over. */
  readonly terms: number;
  readonly layers: readonly LayerSeen[];
  /** The mean loss and its gradient at other parameters. */
  evaluate(x: Float64Array): { readonly value: number; readonly gradient: Float64Array };
}
