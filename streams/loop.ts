import { type Observer, type OperatorFunction, Subject, type Subscriber, type Subscription } from 'rxjs';
import type { Outcome } from '../src/index.js';
import type { Problem } from '../src/objective/problem.js';
import { type Batches, type Cursor, usedUp } from './batches.js';
import type { Checkpoint } from './checkpoint.js';
import { composed } from './composed.js';
import type { Control } from './control.js';
import { aborted, allStepsTaken, batchesUsedUp, pipelineCompleted, stopped } from './ends.js';
import { Frame } from './frame.js';
import { LostFrame } from './lost-frame.js';
import { subscribing } from './needs.js';
import { Run } from './run.js';
import { Slices } from './slices.js';
import { StageError } from './stage-error.js';
import { Turns } from './turns.js';

export interface LoopOptions {
  readonly seed: number;
  readonly steps: number;
  readonly frameTimeout: number;
  readonly sliceMilliseconds: number;
  readonly control?: Control;
  readonly signal?: AbortSignal;
  readonly checkpoint?: Checkpoint;
}

/**
 * `batch`, `frame`: waits for one. `arrived`: an awaited batch is there. `back`: the frame has left the pipeline
 * and its step can be finished.
 */
type State = 'ready' | 'batch' | 'arrived' | 'frame' | 'back' | 'paused' | 'ended';

/**
 * One run's loop: a frame in flight, step after step in slices, with a macrotask between them.
 *
 * An operator that fed its own output back would recurse, and RxJS dies of that silently after some thousand
 * steps; a loop that waits for each frame does not.
 */
export class Loop<T, B> {
  readonly #slices: Slices;
  readonly #turns: Turns;
  readonly #head = new Subject<Frame<T>>();
  #lost: LostFrame | null = null;
  #cursor: Cursor<B> | null = null;
  #run: Run<T, B> | null = null;
  #pipe: Subscription | null = null;
  #state: State = 'ready';
  #batch: B | typeof usedUp | undefined; // the one that arrived
  #frame: Frame<T> | null = null;
  #before: Frame<T> | null = null; // the last that took a step
  #pushing = false; // the frame into the pipeline, at this moment
  #pipelineDone = false;
  #failed = false;
  readonly #detach: (() => void)[] = [];

  constructor(
    readonly problem: Problem<T, B>,
    readonly source: Batches<B>,
    readonly pipeline: OperatorFunction<Frame<T>, Frame<T>>,
    readonly subscriber: Subscriber<Frame<T>>,
    readonly options: LoopOptions,
  ) {
    this.#slices = new Slices(options.sliceMilliseconds, () => this.#go());
    this.#turns = new Turns(options.control);
  }

  start(): void {
    const { signal } = this.options;
    const goOn = () => {
      if (this.#state !== 'paused') return;
      this.#state = 'ready';
      this.#slices.another();
    };
    this.#detach.push(this.#turns.watch(goOn));
    if (signal !== undefined) {
      const abort = () => this.#abort(signal.reason);
      signal.addEventListener('abort', abort);
      this.#detach.push(() => signal.removeEventListener('abort', abort));
    }
    this.#slices.another();
  }

  /** Frees everything; once, whatever brought the end. */
  close(): void {
    this.#state = 'ended';
    this.#lost?.stop();
    for (const detach of this.#detach.splice(0)) detach();
    this.#pipe?.unsubscribe();
    if (this.#run !== null) this.#run.close(this.#failed ? 'failed' : 'ended');
    else this.#cursor?.close();
    this.#returnFrame();
  }

  /** Steps until the slice is over, or there is something to wait for. */
  #go(): void {
    if (this.#state === 'ended') return;
    try {
      const run = this.#run ?? this.#open();
      run.enter();
      try {
        while (this.#advance(run)) {
          if (!this.#slices.over) continue;
          this.#slices.another();
          return;
        }
      } finally {
        run.leave();
      }
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #open(): Run<T, B> {
    const { seed, checkpoint, signal, frameTimeout } = this.options;
    this.#cursor = this.source.open();
    const run = new Run(this.problem, this.#cursor, seed, checkpoint);
    this.#run = run;
    const inFlight = () => (this.#state === 'frame' ? this.#frame : null);
    this.#lost = new LostFrame(frameTimeout, inFlight, (error) => this.#fail(error));
    const subscription: Partial<Observer<Frame<T>>> = {
      next: (frame) => this.#comeBack(frame),
      error: (cause) => this.#fail(cause),
      complete: () => {
        this.#pipelineDone = true;
        if (this.#state === 'frame' && !this.#pushing) this.#lastNow(run, pipelineCompleted);
      },
    };
    this.#pipe = subscribing(this.problem.name, run.objective, () =>
      composed(this.pipeline, this.#head).subscribe(subscription),
    );
    if (signal?.aborted) run.end(aborted(signal.reason));
    return run;
  }

  /** Does what comes next; false where there is something to wait for. */
  #advance(run: Run<T, B>): boolean {
    switch (this.#state) {
      case 'ready':
        return this.#begin(run);
      case 'arrived':
        return this.#send(run, this.#batch as B | typeof usedUp);
      case 'back':
        return this.#finish(run);
      default:
        return false;
    }
  }

  #begin(run: Run<T, B>): boolean {
    const ending = this.#ending(run);
    if (ending !== undefined) return this.#last(run, ending);
    if (this.#turns.next() === 'wait') return this.#wait('paused');
    this.#endLease(run);
    let batch: ReturnType<Cursor<B>['next']>;
    try {
      batch = run.nextBatch();
    } catch (cause) {
      this.#fail(cause, 'batches');
      return false;
    }
    if (!(batch instanceof Promise)) return this.#send(run, batch);
    batch.then(
      (arrived) => this.#arrive(run, arrived),
      (cause) => this.#fail(cause, 'batches'),
    );
    return this.#wait('batch');
  }

  #arrive(run: Run<T, B>, batch: B | typeof usedUp): void {
    if (this.#state === 'batch') {
      this.#batch = batch;
      this.#state = 'arrived';
      this.#slices.resume();
    } else if (batch !== usedUp) run.cursor.release(batch);
  }

  #send(run: Run<T, B>, batch: B | typeof usedUp): boolean {
    if (batch === usedUp) return this.#last(run, batchesUsedUp);
    run.begin(batch);
    const frame = new Frame<T>(run);
    this.#frame = frame;
    this.#state = 'frame';
    this.#pushing = true;
    frame.timed(() => this.#head.next(frame));
    this.#pushing = false;
    if (this.#is('back')) return this.#finish(run);
    if (!this.#is('frame')) return false;
    if (this.#pipelineDone) return this.#last(run, pipelineCompleted);
    this.#lost?.watch();
    return false;
  }

  #comeBack(frame: unknown): void {
    if (this.#state !== 'frame' || frame !== this.#frame) {
      const what =
        frame instanceof Frame ? `passed on the frame of step ${frame.step} twice` : 'made another frame';
      this.#fail(new Error(`the pipeline ${what}; every frame has to come out exactly once`));
      return;
    }
    this.#lost?.stop();
    this.#state = 'back';
    if (!this.#pushing) this.#slices.resume();
  }

  #finish(run: Run<T, B>): boolean {
    run.slots.allRestored();
    return this.#give(this.#frame!, () => this.#whole(run, this.#ending(run)));
  }

  /** A last frame that takes no step. */
  #last(run: Run<T, B>, outcome: Outcome): boolean {
    this.#endLease(run);
    const frame = new Frame<T>(run);
    this.#frame = frame;
    if (this.#before !== null) frame.repeat(this.#before);
    frame.end(this.#whole(run, outcome) ?? outcome);
    return this.#give(frame, () => undefined);
  }

  /** The end, or the trouble that was not seen before it. */
  #whole(run: Run<T, B>, ending: Outcome | undefined): Outcome | undefined {
    return (ending?.kind === 'budget' || ending?.kind === 'stopped' ? run.spoilt() : undefined) ?? ending;
  }

  #give(frame: Frame<T>, ending: () => Outcome | undefined): boolean {
    frame.finish(ending);
    if (frame.stepped) this.#before = frame;
    this.#state = 'ready';
    this.subscriber.next(frame);
    if (frame.outcome !== undefined && this.#is('ready')) this.subscriber.complete();
    return this.#is('ready');
  }

  /** Why the run ends between the last step and the next; undefined where it goes on. */
  #ending(run: Run<T, B>): Outcome | undefined {
    if (run.ending !== null) return run.ending;
    if (this.options.control?.state === 'stopped') return stopped;
    if (this.#pipelineDone) return pipelineCompleted;
    const { steps } = this.options;
    return run.step >= steps ? allStepsTaken(steps) : undefined;
  }

  #abort(reason: unknown): void {
    const run = this.#run;
    if (run === null || this.#state === 'ended') return;
    run.end(aborted(reason));
    if (run.busy) return; // the loop is at work, and looks at `ending` before it goes on
    this.#lastNow(run, run.ending!);
  }

  /** Ends the run from outside its loop. */
  #lastNow(run: Run<T, B>, outcome: Outcome): void {
    run.enter();
    this.#last(run, outcome);
    run.leave();
  }

  #endLease(run: Run<T, B>): void {
    this.#returnFrame();
    run.endLease();
  }

  #returnFrame(): void {
    this.#frame?.expire();
    this.#frame = null;
  }

  #wait(state: 'paused' | 'batch'): false {
    this.#state = state;
    return false;
  }

  #fail(cause: unknown, stage?: string): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#failed = true;
    const run = this.#run;
    const located = run === null || cause instanceof StageError;
    const at = stage ?? this.#frame?.stage ?? 'pipeline';
    this.subscriber.error(located ? cause : new StageError(at, run.step, cause, run.rescuedParameters()));
  }

  /** The state now; a comparison that the compiler does not take for decided. */
  #is(state: State): boolean {
    return this.#state === state;
  }
}
