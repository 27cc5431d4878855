import type { Options, Saved } from '../src/index.js';

/** Everything a run needs to go on bit for bit. Taken between two steps; holds no device memory. */
export interface Checkpoint {
  readonly version: 1;
  readonly problem: string;
  /** The name of the arithmetic: a float32 run is not continued in float64. */
  readonly algebra: string;
  /** The next step to take. */
  readonly step: number;
  /** The operators with state, in order of passing: a restore refuses a pipeline that differs. */
  readonly pipeline: readonly { readonly name: string; readonly options: Options }[];
  readonly parameters: Saved;
  /** One state an entry of `pipeline`. */
  readonly slots: readonly Saved[];
  readonly random: readonly number[];
  /** Where the batches stand, in their own words. */
  readonly batches: Saved;
}
