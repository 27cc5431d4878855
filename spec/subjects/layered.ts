import type { LabelSource, Sharing } from '../../src/index.js';
import type { KroneckerForm } from '../../src/transforms/index.js';
import type { Named } from './named.js';
import type { Setting } from './network.js';

/** A curvature made of the layers of a network, as K-FAC's is. */
export interface LayeredSubject extends Named {
  readonly kind: 'layered';
  /** v ↦ (C + λI)⁻¹v over the flattened parameters, C learnt from the batches in turn and inverted at each of them. */
  after(batches: readonly Setting[], options: LayeredOptions): (v: Float64Array) => Float64Array;
}

export interface LayeredOptions {
  readonly form: KroneckerForm;
  readonly sharing: Sharing;
  readonly damping: number;
  readonly memory: number;
  /** 'signs' are balanced: the mean of uuᵀ over any four terms is I. */
  readonly labels: Extract<LabelSource, 'given' | 'signs'>;
}

/** A method whose steps minimize a quadratic model over its direction and its last step. */
export interface ModelSteps extends Named {
  readonly kind: 'modelSteps';
  /** A step a batch, from the first one's parameters. */
  run(batches: readonly Setting[], options: { damping: number; decay: number }): readonly ModelStep[];
}

export interface ModelStep {
  readonly update: Float64Array;
  /** λ of this step, and of the next. */
  readonly damping: number;
  readonly next: number;
  /** The reduction of the loss over the one that gᵀδ + ½δᵀGδ foretold, δ the model's minimizer. */
  readonly ratio: number;
  /** τ, the multiple of the steps before that would have been best on the batches after them; 1 before there are any. */
  readonly multiple: number;
  /** μ, the share of the step before in this one. */
  readonly momentum: number;
}

export const layeredClaims = ['45', '45b', '45c', '46', '46b', '46c', '79', '80', '81', '81b'];
