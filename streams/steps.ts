import type { OperatorFunction } from 'rxjs';
import type { DeviceLost, Outcome } from '../src/index.js';
import { type Cursor, usedUp } from './batches.js';
import type { Control } from './control.js';
import { batchesUsedUp, endBetweenSteps, endOrTrouble, pipelineCompleted } from './ends.js';
import type { Frame } from './frame.js';
import { LentFrames } from './lent-frames.js';
import type { Run } from './run.js';
import type { Slices } from './slices.js';
import { SubscribedPipeline } from './subscribed-pipeline.js';
import type { Turns } from './turns.js';

export interface StepsOptions {
  readonly steps: number;
  readonly frameTimeout: number;
  readonly control?: Control;
}

/** Where frames go that have taken their step, and who is told of the end. */
export interface Receiver<T> {
  readonly slices: Slices;
  giveOut(frame: Frame<T>): void;
  complete(): void;
  fail(cause: unknown, stage?: string): void;
}

/**
 * `batch`, `frame`: waits for one. `arrived`: an awaited batch is there. `back`: the frame has left the pipeline
 * and its step can be finished.
 */
type State = 'ready' | 'batch' | 'arrived' | 'frame' | 'back' | 'paused' | 'ended';

/**
 * A run's steps, one after the other: a batch is asked for, its frame sent through the pipeline, the update added,
 * the frame given out.
 */
export class Steps<T, B> {
  readonly #frames: LentFrames<T, B>;
  readonly #pipeline: SubscribedPipeline<T>;
  #state: State = 'ready';
  #batch: B | typeof usedUp | undefined; // the one that arrived

  constructor(
    readonly run: Run<T, B>,
    pipeline: OperatorFunction<Frame<T>, Frame<T>>,
    readonly options: StepsOptions,
    readonly turns: Turns,
    readonly receiver: Receiver<T>,
  ) {
    this.#frames = new LentFrames(run);
    const problem = { name: run.problem.name, abilities: run.objective, needs: run.needs };
    const sender = {
      back: () => this.#wake('back'),
      completed: () => {
        if (this.#state === 'frame') this.#lastNow(pipelineCompleted);
      },
      failed: (cause: unknown) => this.#fail(cause),
    };
    const { environment } = run;
    this.#pipeline = new SubscribedPipeline(pipeline, problem, options.frameTimeout, sender, environment);
  }

  /** The last operator that has worked on the frame in flight. */
  get stage(): string | undefined {
    return this.#frames.stage;
  }

  /** Takes steps until the slice is over, or there is something to wait for. */
  go(): void {
    const { run } = this;
    const { slices } = this.receiver;
    run.enter();
    try {
      while (this.#advance()) {
        if (!slices.over) continue;
        slices.another();
        return;
      }
    } finally {
      run.leave();
    }
  }

  /** Goes on if it was paused and may. */
  askAgain(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'ready';
    this.receiver.slices.another();
  }

  /** Ends with the run's `ending`, at once unless steps are at work, which look at it before they go on. */
  endNow(): void {
    if (!this.run.busy) this.#lastNow(this.run.ending!);
  }

  /** Ends where the device is lost, with the parameters that are left. */
  endLost(lost: DeviceLost): void {
    this.#state = 'ready';
    this.#lastNow(this.run.recover(lost));
  }

  close(): void {
    this.#state = 'ended';
    this.#pipeline.close();
    this.#frames.takeBack();
  }

  /** Does what comes next; false where there is something to wait for. */
  #advance(): boolean {
    switch (this.#state) {
      case 'ready':
        return this.#begin();
      case 'arrived':
        return this.#send(this.#batch as B | typeof usedUp);
      case 'back':
        return this.#finish();
      default:
        return false;
    }
  }

  #begin(): boolean {
    const { run } = this;
    const ending = this.#ending();
    if (ending !== undefined) return this.#last(ending);
    if (this.turns.next() === 'wait') return this.#wait('paused');
    this.#frames.end();
    let batch: ReturnType<Cursor<B>['next']>;
    try {
      batch = run.nextBatch();
    } catch (cause) {
      this.#fail(cause, 'batches');
      return false;
    }
    if (!(batch instanceof Promise)) return this.#send(batch);
    batch.then(
      (arrived) => this.#arrive(arrived),
      (cause) => this.#fail(cause, 'batches'),
    );
    return this.#wait('batch');
  }

  #arrive(batch: B | typeof usedUp): void {
    if (this.#state === 'batch') {
      this.#batch = batch;
      this.#wake('arrived');
    } else if (batch !== usedUp) this.run.cursor.release(batch);
  }

  #send(batch: B | typeof usedUp): boolean {
    if (batch === usedUp) return this.#last(batchesUsedUp);
    const frame = this.#frames.begin(batch);
    this.#state = 'frame';
    const back = this.#pipeline.send(frame);
    if (!this.#is('frame')) return false;
    if (back) return this.#finish();
    if (this.#pipeline.completed) return this.#last(pipelineCompleted);
    this.#pipeline.wait();
    return false;
  }

  #finish(): boolean {
    this.run.slots.allRestored();
    return this.#give(this.#frames.finish(() => endOrTrouble(this.run, this.#ending())));
  }

  /** A last frame that takes no step. */
  #last(outcome: Outcome): boolean {
    this.#pipeline.giveUp();
    return this.#give(this.#frames.last(endOrTrouble(this.run, outcome)));
  }

  /** Ends from outside `go`. */
  #lastNow(outcome: Outcome): void {
    this.run.enter();
    this.#last(outcome);
    this.run.leave();
  }

  #give(frame: Frame<T>): boolean {
    this.#state = 'ready';
    this.receiver.giveOut(frame);
    if (frame.outcome !== undefined && this.#is('ready')) this.receiver.complete();
    return this.#is('ready');
  }

  #ending(): Outcome | undefined {
    return endBetweenSteps(this.run, this.options, this.#pipeline.completed);
  }

  #wait(state: 'paused' | 'batch'): false {
    this.#state = state;
    return false;
  }

  /** Something that was waited for is there. */
  #wake(state: 'arrived' | 'back'): void {
    this.#state = state;
    this.receiver.slices.resume();
  }

  #fail(cause: unknown, stage?: string): void {
    this.#state = 'ended';
    this.receiver.fail(cause, stage);
  }

  /** The state now; a comparison that the compiler does not take for decided. */
  #is(state: State): boolean {
    return this.#state === state;
  }
}
