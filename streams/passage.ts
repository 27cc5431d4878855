import type { Measure, MeasureDescription, Options, State } from '../src/index.js';
import { copyMeasures } from '../src/objective/measure.js';
import type { Step } from '../src/transforms/transform.js';
import type { Run } from './run.js';
import type { Init, Slot } from './slot.js';
import { StageError } from './stage-error.js';
import type { Stage } from './take-step.js';

/**
 * What an operator makes of a frame; the one that measures loss and gradient gives the loss too, and what is kept of the
 * evaluation for the operators after it.
 */
export type Work<T> = Step<T> & { readonly loss?: T; readonly kept?: readonly T[] };

/** A frame's way through the pipeline: whose turn it is, what each operator made of it, and how long that took. */
export class Passage<T> {
  readonly #run: Run<T, unknown>;
  #level: Slot<T>[];
  #index = 0;
  readonly #stages: Stage<T>[] = [];
  #reported: { [name: string]: Measure<T> } | undefined = undefined;
  #milliseconds = 0;
  /** All is timed together, so that what operators do within does not count twice. */
  #timing = false;
  #waits = 0;

  constructor(
    run: Run<T, unknown>,
    readonly step: number,
  ) {
    this.#run = run;
    this.#level = run.slots.outer;
  }

  /** What the operators made of the update, in their order. */
  get stages(): readonly Stage<T>[] {
    return this.#stages;
  }

  /** What they measured; undefined where they measured nothing. */
  get measures(): Readonly<Record<string, Measure<T>>> | undefined {
    return this.#reported;
  }

  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** Whether something is waited for that no handle of the event loop shows. */
  get waiting(): boolean {
    return this.#waits > 0;
  }

  /**
   * The slot at the place that the frame has come to.
   *
   * @throws StageError where another operator had this place in earlier steps or in the checkpoint
   */
  slot(name: string, init: Init<T>, options: Options, measures: readonly MeasureDescription[]): Slot<T> {
    const run = this.#run;
    let slot = this.#level[this.#index];
    if (slot?.name !== name) {
      try {
        slot = run.slots.at(this.#level, this.#index, { name, init, options, measures }, run.parameters);
      } catch (cause) {
        throw this.failure(name, cause);
      }
    }
    this.#index++;
    run.lend(slot.state);
    return slot;
  }

  /** Goes on among the operators inside another one, and returns how to leave it again. */
  enter(slot: Slot<T>): () => void {
    const [level, index] = [this.#level, this.#index];
    this.#level = slot.inner;
    this.#index = 0;
    return () => {
      this.#level = level;
      this.#index = index;
    };
  }

  /**
   * One operator's work, timed; arrays that it makes besides its update and state are freed.
   *
   * @throws StageError where `body` throws
   */
  perform(slot: Slot<T>, body: (state: State<T>) => Work<T>): Work<T> {
    const run = this.#run;
    const start = this.#run.environment.now();
    run.enter();
    try {
      const made = run.algebra.scope(() => body(slot.state));
      const { update, state, measures } = made;
      run.lend(made as unknown as State<T>);
      slot.state = state;
      this.#stages.push({ name: slot.name, update, state });
      if (measures !== undefined) {
        this.#reported ??= {};
        copyMeasures(this.#reported, measures, slot.own, slot.measures);
      }
      return made;
    } catch (cause) {
      throw this.failure(slot.name, cause);
    } finally {
      const spent = this.#run.environment.now() - start;
      slot.worked(spent);
      if (!this.#timing) this.#milliseconds += spent;
      run.leave();
    }
  }

  /** Does what counts as this step's time, once, whatever operators do within. */
  timed<R>(work: () => R): R {
    const start = this.#run.environment.now();
    this.#timing = true;
    try {
      return work();
    } finally {
      this.#timing = false;
      this.#milliseconds += this.#run.environment.now() - start;
    }
  }

  async waitFor<R>(promise: Promise<R>): Promise<R> {
    this.#waits++;
    try {
      return await promise;
    } finally {
      this.#waits--;
    }
  }

  /** The error of an operator at this step. */
  failure(stage: string, cause: unknown): StageError {
    if (cause instanceof StageError) return cause;
    return new StageError(stage, this.step, cause, this.#run.rescuedParameters());
  }
}
