import { type Algebra, entries, type Options, releaseExcept, type Saved, type Tree } from '../src/index.js';
import type { Problem } from '../src/objective/problem.js';

/** Everything a run needs to go on bit for bit. Taken between two steps; holds no device memory. */
export interface Checkpoint {
  readonly version: 1;
  readonly problem: string;
  /** The run's own; missing in checkpoints of 0.1.0. */
  readonly seed?: number;
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

/** @throws TypeError where the checkpoint is of another version, problem or arithmetic */
export function fits<T, B>(checkpoint: Checkpoint, problem: Problem<T, B>): void {
  if (checkpoint.version !== 1) {
    throw new TypeError(`train(checkpoint): expected a checkpoint of version 1, got ${checkpoint.version}`);
  }
  sameWord('problem', checkpoint.problem, problem.name);
  sameWord('algebra', checkpoint.algebra, problem.algebra.name);
}

function sameWord(what: string, told: string, is: string): void {
  if (told !== is) {
    throw new TypeError(`train(checkpoint): expected a checkpoint of the ${what} '${is}', got '${told}'`);
  }
}

/** @throws TypeError where restored parameters do not fit the problem; they are released then */
export function sameShapes<T>(algebra: Algebra<T>, restored: Tree<T>, start: () => Tree<T>): void {
  const describe = (tree: Tree<T>) =>
    entries(algebra, tree)
      .map(([path, leaf]) => `${path} [${algebra.shape(leaf)}]`)
      .sort()
      .join(', ');
  const expected = algebra.scope(() => describe(start()));
  const got = describe(restored);
  if (expected === got) return;
  releaseExcept(algebra, restored, []);
  throw new TypeError(`train(checkpoint): expected parameters like ${expected}, got ${got}`);
}
