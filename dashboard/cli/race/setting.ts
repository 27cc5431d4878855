import type { Problem, Residuals } from '../../../src/objective/index.js';
import type { TestFunction } from '../../../src/problems/index.js';
import type { BatchSource } from '../../../streams/index.js';

/** What is raced on models of users where no methods are given. */
export const firstOrderMethods = 'gradientDescent,momentum,nesterov,rmsprop,adam,adamw';

/** What the methods of a race compete on. */
export type Setting = ModelSetting | FunctionSetting;

interface CommonSetting {
  /** As the record and its folder are named. */
  readonly name: string;
  /** As typed, a path made absolute: enough to make the setting again; left out for what a program made. */
  readonly asked?: string;
  /** What a person should know of it. */
  readonly note?: string;
  /** What is raced where no methods are given. */
  readonly defaults: {
    /** As after `--methods`. */
    readonly methods: string;
    readonly steps: number;
    readonly gradientTolerance?: number;
  };
}

/** A loss over batches of data, for methods of transforms. */
export interface ModelSetting<T = unknown, B = unknown> extends CommonSetting {
  readonly kind: 'model';
  readonly problem: Problem<T, B>;
  /** The batches of a run with this seed: the same for every method, where it does not take batches of its own size. */
  source(seed: number, method: string): BatchSource<B>;
  readonly batch?: number;
  readonly backend?: string;
  /** As `kernelsInUse` says. */
  readonly kernels?: string;
  /** Steps between two evaluations, and between two checkpoints. */
  readonly evaluateEvery: number;
  readonly checkpointEvery: number;
  /** Over about how many steps losses are averaged; 50 where it is left out. */
  readonly smoothing?: number;
}

/** A function on the host, for methods and solvers alike. */
export interface FunctionSetting extends CommonSetting {
  readonly kind: 'function';
  /** With its residuals where it is a sum of squares. */
  readonly definition: TestFunction & Partial<Residuals>;
  /** With methods given: the most steps, and the largest gradient entry that counts as 0. */
  readonly steps: number;
  readonly gradientTolerance: number;
}
