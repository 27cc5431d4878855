import type {
  Algebra,
  MeasureDescription,
  Objective,
  Options,
  Outcome,
  Random,
  Readings,
  State,
  Tree,
} from '../src/index.js';
import { copyMeasures } from '../src/objective/measure.js';
import type { Evaluation } from '../src/objective/problem.js';
import { isAveraging } from '../src/transforms/averaged-parameters.js';
import type { Context, Step } from '../src/transforms/transform.js';
import type { Checkpoint } from './checkpoint.js';
import type { Init, Run } from './run.js';
import type { Operator, Slot } from './slot.js';
import { StageError } from './stage-error.js';

const noOptions: Options = {};
const noMeasures: readonly MeasureDescription[] = [];

/**
 * One step of training on its way through the pipeline.
 *
 * Its arrays are lent: they hold until the next frame (or the end of the run), and must be neither changed
 * nor released. What should live longer is copied by `snapshot()`. Numbers stay.
 */
export class Frame<T> implements Context<T> {
  readonly algebra: Algebra<T>;
  readonly random: Random;
  readonly objective: Objective<T>;
  /** xₖ: where loss and gradient were measured. */
  parameters: Tree<T>;
  /** xₖ₊₁: after the update was added; xₖ where none was. */
  nextParameters: Tree<T>;
  /** The loss of the batch at the parameters, 0-d; made, as the gradient is, by `gradient()`. */
  loss: T = noLoss as T;
  gradient: Tree<T> = noGradient as Tree<T>;
  update: Tree<T> = noUpdate as Tree<T>;

  /** The loss on the host; NaN until the frame comes out of the pipeline, as are the norms. */
  lossValue = Number.NaN;
  gradientNorm = Number.NaN;
  updateNorm = Number.NaN;
  /** What the operators measured, by name, on the host; `operators` tells what each is. Empty until then, too. */
  measures: Readings = {};
  /** Time spent on this step alone: neither waiting, nor other runs, nor evaluation. */
  milliseconds = 0;
  /** Whether the update was added; false in a last frame that took no step. */
  stepped = false;
  /** Says, in the last frame of a run, how it ended. */
  outcome: Outcome | undefined = undefined;
  evaluation: Evaluation | undefined = undefined;

  #level: Slot<T>[];
  #index = 0;
  #out = false;
  #afterwards: { slot: Slot<T>; task: (frame: Frame<T>) => void }[] | null = null;
  readonly #run: Run<T, unknown>;

  constructor(
    run: Run<T, unknown>,
    /** Counts from 0. */
    readonly step: number,
  ) {
    this.#run = run;
    this.#level = run.slots;
    this.algebra = run.algebra;
    this.random = run.random;
    this.objective = run.objective;
    this.parameters = run.parameters;
    this.nextParameters = run.parameters;
  }

  /** The operators of the pipeline in order, with their cost and state summed over the run so far. */
  get operators(): readonly Operator[] {
    const flat = (slots: readonly Slot<T>[]): Slot<T>[] =>
      slots.flatMap((slot) => [slot, ...flat(slot.inner)]);
    return flat(this.#run.slots);
  }

  /** Evaluations of the loss in this run so far. */
  get evaluations(): number {
    return this.#run.evaluations;
  }

  /**
   * The memory of an operator, found by its name and by the order in which frames pass the operators.
   *
   * The arrays of `slot.state` live as long as they stay in it; to change the state, put a new one there.
   *
   * @throws StageError where another operator had this place in earlier steps or in the checkpoint
   */
  slot(
    name: string,
    init: Init<T>,
    options: Options = noOptions,
    measures: readonly MeasureDescription[] = noMeasures,
  ): Slot<T> {
    const slot = this.#level[this.#index];
    if (slot !== undefined && slot.name === name) {
      this.#index++;
      this.#run.lend(slot.state);
      return slot;
    }
    try {
      const made = this.#run.slotAt(this.#level, this.#index, name, init, options, measures);
      this.#index++;
      this.#run.lend(made.state);
      return made;
    } catch (cause) {
      throw this.failure(name, cause);
    }
  }

  /** Passes through operators that are inside another one, and returns how to come out again. */
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
   * One operator's work on this frame, timed: `body` makes an update and the next state of `slot`. Arrays
   * that it makes besides are freed.
   *
   * Once the frame has an outcome no work is done on it.
   *
   * @throws StageError where `body` throws
   */
  perform<S extends Step<T>>(slot: Slot<T>, body: (frame: Frame<T>, state: State<T>) => S): S | undefined {
    if (this.outcome !== undefined) return undefined;
    const run = this.#run;
    const start = performance.now();
    run.enter();
    try {
      const made = this.algebra.scope(() => body(this, slot.state));
      run.lend(made as unknown as State<T>);
      slot.state = made.state;
      this.update = made.update;
      run.passed.push(slot);
      run.outputs.push(made.update);
      if (made.measures !== undefined) {
        run.reported ??= {};
        copyMeasures(run.reported, made.measures, slot.own, slot.measures);
      }
      if (made.outcome !== undefined) {
        this.outcome = { stage: slot.name, step: this.step, ...made.outcome };
      }
      return made;
    } catch (cause) {
      throw this.failure(slot.name, cause);
    } finally {
      this.#spent(slot, performance.now() - start);
      run.leave();
    }
  }

  /** Has `task` done when the update has been added, before the frame is given out; at once if it has been. */
  afterStep(slot: Slot<T>, task: (frame: Frame<T>) => void): void {
    if (this.#out) this.#do(slot, task);
    else (this.#afterwards ??= []).push({ slot, task });
  }

  /** Ends the run: with this frame as the last, or, if it was given out already, before another step. */
  end(outcome: Outcome): void {
    if (this.#out) this.#run.ending ??= outcome;
    else this.outcome ??= outcome;
  }

  /**
   * What the parameters after this step, or their average, are worth on data not trained on; it stays in
   * `evaluation`.
   *
   * @throws Error where the problem cannot tell, or where nothing averages
   */
  evaluate(of: 'parameters' | 'average' = 'parameters'): Evaluation {
    const { problem } = this.#run;
    const ask = problem.evaluate;
    if (ask === undefined) throw new Error(`evaluate: the problem ${problem.name} has no evaluation`);
    const parameters = of === 'parameters' ? this.nextParameters : this.average();
    return (this.evaluation ??= this.algebra.scope(() => ask.call(problem, parameters)));
  }

  /**
   * The average of the parameters after this step that the last `weightAverage` or `primalAverage` of the pipeline
   * keeps; lent like the parameters.
   *
   * @throws Error where nothing averages
   */
  average(): Tree<T> {
    const found = this.#run.slots.findLast(({ name }) => isAveraging(name));
    if (found === undefined) {
      throw new Error('evaluate(of): expected a weightAverage or primalAverage in the pipeline, got none');
    }
    return (found.state as { readonly average: Tree<T> }).average;
  }

  /**
   * The run after this frame's step, as plain data.
   *
   * @throws Error inside the pipeline, when the next frame has begun, or when the step failed
   */
  checkpoint(): Checkpoint {
    if (!this.#out || this.#run.frame !== this) {
      throw new Error('frame.checkpoint: expected a frame given out by train, before the next one begins');
    }
    return this.#run.checkpoint();
  }

  /** The error of an operator at this step. */
  failure(stage: string, cause: unknown): StageError {
    if (cause instanceof StageError) return cause;
    return new StageError(stage, this.step, cause, this.#run.savedParameters());
  }

  /** For the loop: the frame has left the pipeline, and what was put off is done. */
  comeOut(): void {
    if (this.stepped) for (const { slot, task } of this.#afterwards ?? []) this.#do(slot, task);
    this.#out = true;
  }

  /** For the loop: the lease has ended. */
  expire(): void {
    const gone = expired as Tree<T>;
    this.parameters = this.nextParameters = this.gradient = this.update = gone;
    this.loss = expired as T;
  }

  #do(slot: Slot<T>, task: (frame: Frame<T>) => void): void {
    const start = performance.now();
    try {
      task(this);
    } catch (cause) {
      throw this.failure(slot.name, cause);
    } finally {
      slot.frames++;
      slot.milliseconds += performance.now() - start;
    }
  }

  #spent(slot: Slot<T>, milliseconds: number): void {
    slot.frames++;
    slot.milliseconds += milliseconds;
    // What is done while the loop waits for `head.next` to come back, the loop measures.
    if (!this.#run.inHead) this.milliseconds += milliseconds;
  }
}

/** Stands where an array is not there, and says so to whoever touches it. */
function absent(why: string): object {
  const refuse = (): never => {
    throw new Error(why);
  };
  return new Proxy({}, { get: refuse, getPrototypeOf: refuse, ownKeys: refuse, has: refuse });
}

const missing = (what: string) =>
  absent(`frame.${what}: there is none, because no gradient() stands before, or because no step was taken`);
const noLoss = missing('loss');
const noGradient = missing('gradient');
const noUpdate = missing('update');
const expired = absent(
  'frame: its arrays were lent until the next frame and are gone; copy them by snapshot()',
);
