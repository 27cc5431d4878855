import type { MeasureDescription, Options, Outcome, State } from '../src/index.js';
import type { Checkpoint } from './checkpoint.js';
import { FrameContents } from './frame-contents.js';
import { Passage, type Work } from './passage.js';
import type { Run } from './run.js';
import type { Init, Slot } from './slot.js';
import type { StageError } from './stage-error.js';
import { endStep, takeStep } from './take-step.js';

const noOptions: Options = {};
const noMeasures: readonly MeasureDescription[] = [];

/**
 * One step of training on its way through the pipeline.
 *
 * Its arrays are lent: they hold until the next frame (or the end of the run), and must be neither changed
 * nor released. What should live longer is copied by `snapshot()`. Numbers stay.
 */
export class Frame<T> extends FrameContents<T> {
  readonly #run: Run<T, unknown>;
  readonly #passage: Passage<T>;
  #place: 'pipeline' | 'givenOut' | 'returned' = 'pipeline';
  #afterwards: { slot: Slot<T>; task: (frame: Frame<T>) => void }[] | undefined = undefined;

  constructor(run: Run<T, unknown>) {
    super(run);
    this.#run = run;
    this.#passage = new Passage(run, run.step);
  }

  /** Time spent on this step alone: neither waiting, nor other runs, nor evaluation. */
  get milliseconds(): number {
    return this.#passage.milliseconds;
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
    return this.#passage.slot(name, init, options, measures);
  }

  /** Passes through operators that are inside another one, and returns how to leave it again. */
  enter(slot: Slot<T>): () => void {
    return this.#passage.enter(slot);
  }

  /**
   * One operator's work on this frame, timed: `body` makes an update and the next state of `slot`. Arrays
   * that it makes besides are freed.
   *
   * Once the frame has an outcome no work is done on it.
   *
   * @throws StageError where `body` throws
   */
  perform(slot: Slot<T>, body: (frame: Frame<T>, state: State<T>) => Work<T>): void {
    if (this.outcome !== undefined) return;
    const { update, loss, outcome } = this.#passage.perform(slot, (state) => body(this, state));
    const own = this.own;
    own.update = update;
    if (loss !== undefined) {
      own.loss = loss;
      own.gradient = update;
    }
    if (outcome !== undefined) own.outcome = { stage: slot.name, step: this.step, ...outcome };
  }

  /** Waits for something that no handle of the event loop shows, so that the frame is not taken for lost meanwhile. */
  waitFor<R>(promise: Promise<R>): Promise<R> {
    return this.#passage.waitFor(promise);
  }

  get waiting(): boolean {
    return this.#passage.waiting;
  }

  /** Has `task` done when the update has been added, before the frame is given out; at once if it has been. */
  afterStep(slot: Slot<T>, task: (frame: Frame<T>) => void): void {
    if (this.#place === 'pipeline') (this.#afterwards ??= []).push({ slot, task });
    else this.#do(slot, task);
  }

  /** Ends the run: with this frame as the last, or, if it was given out already, before another step. */
  end(outcome: Outcome): void {
    if (this.#place === 'pipeline') this.own.outcome ??= outcome;
    else this.#run.end(outcome);
  }

  /**
   * The run after this frame's step, as plain data.
   *
   * @throws Error inside the pipeline, when the next frame has begun, or when the step failed
   */
  checkpoint(): Checkpoint {
    if (this.#place !== 'givenOut') {
      throw new Error('frame.checkpoint: expected a frame given out by train, before the next one begins');
    }
    return this.#run.checkpoint();
  }

  /** The last operator that has worked on this frame. */
  get stage(): string | undefined {
    return this.#passage.stages.at(-1)?.name;
  }

  /** The error of an operator at this step. */
  failure(stage: string, cause: unknown): StageError {
    return this.#passage.failure(stage, cause);
  }

  /** For the loop: work that counts as this step's time. */
  timed<R>(work: () => R): R {
    return this.#passage.timed(work);
  }

  /**
   * For the loop: the frame has left the pipeline. Takes the step, unless the frame has an outcome, and then
   * does what was put off; `ending` tells whether the run ends here.
   */
  finish(ending: () => Outcome | undefined): void {
    if (this.outcome === undefined || this.#passage.stages.length > 0) this.timed(() => this.#move());
    if (this.stepped) for (const { slot, task } of this.#afterwards ?? []) this.#do(slot, task);
    this.own.outcome ??= ending();
    this.#place = 'givenOut';
  }

  #move(): void {
    const run = this.#run;
    const own = this.own;
    const ended = this.outcome !== undefined;
    const { step, loss, gradient, update } = this;
    const { stages, measures } = this.#passage;
    const made = { step, loss, gradient, update, stages, measures };
    const told = ended ? endStep(run, made) : takeStep(run, made);
    own.lossValue = told.lossValue;
    own.gradientNorm = told.gradientNorm;
    own.updateNorm = told.updateNorm;
    own.measures = told.measures;
    const { trouble } = told;
    // An operator that ended the run itself has told better why.
    if (trouble !== undefined && trouble.stage !== this.outcome?.stage) own.outcome = trouble;
    own.stepped = run.step > this.step;
    own.nextParameters = run.parameters;
  }

  /** For the loop: the arrays go back. */
  expire(): void {
    this.#place = 'returned';
    this.returnArrays();
  }

  #do(slot: Slot<T>, task: (frame: Frame<T>) => void): void {
    const { environment } = this.#run;
    const start = environment.now();
    try {
      task(this);
    } catch (cause) {
      throw this.failure(slot.name, cause);
    } finally {
      slot.worked(environment.now() - start);
    }
  }
}
