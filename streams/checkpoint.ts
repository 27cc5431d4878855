import type { Options, Saved } from '../src/index.js';

/** Everything a run needs to go on bit for bit. Taken between two steps; holds no device memory. */
export interface Checkpoint {
  readonly version: 1;
  readonly problem: string;
  /** The name of the arithmetic: a float32 run is not continued in float64. */
  readonly algebra: string;
  /** The next step to take. */
  readonly step: number;
  /** How often the loss was evaluated. */
  readonly evaluations: number;
  /**
   * The operators with a slot, in order of passing: a restore refuses a pipeline that differs. Those inside
   * an operator (see `skipWhen`) follow it, and `inner` counts them.
   */
  readonly pipeline: readonly { readonly name: string; readonly options: Options; readonly inner?: number }[];
  readonly parameters: Saved;
  /** Those a step before, which the run goes back to if the loss at `parameters` is not finite; not before step 1. */
  readonly previous?: Saved;
  /** One state an entry of `pipeline`. */
  readonly slots: readonly Saved[];
  readonly random: readonly number[];
  /** Where the batches stand, in their own words. */
  readonly batches: Saved;
}
