import type { HostArray } from '../../src/index.js';
import type { Problem } from '../../src/problems/index.js';
import type { BatchSource } from '../../streams/index.js';

/** What the methods of a race compete on. */
export interface Setting<T = unknown, B = unknown> {
  /** As the record and its folder are named. */
  readonly name: string;
  /** As typed, a path made absolute: enough to make the setting again. */
  readonly asked: string;
  readonly problem: Problem<T, B>;
  /** The batches of a run with this seed, the same for every method. */
  source(seed: number): BatchSource<B>;
  readonly batch?: number;
  readonly backend?: string;
  /** Where the parameters are one host vector whose path is worth keeping. */
  point?(parameters: T): readonly number[];
  readonly defaults: {
    /** As after `--methods`. */
    readonly methods: string;
    readonly steps: number;
  };
  /** Steps between two evaluations, and between two checkpoints. */
  readonly evaluateEvery: number;
  readonly checkpointEvery: number;
}

export type FunctionSetting = Setting<HostArray, undefined>;
