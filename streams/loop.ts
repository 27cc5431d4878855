import { type OperatorFunction, Subject, type Subscriber, type Subscription } from 'rxjs';
import type { Outcome } from '../src/index.js';
import type { Problem } from '../src/objective/problem.js';
import { type Batches, type Cursor, usedUp } from './batches.js';
import type { Checkpoint } from './checkpoint.js';
import type { Control } from './control.js';
import { Frame } from './frame.js';
import { macrotask } from './macrotask.js';
import { Pending } from './pending.js';
import { Run } from './run.js';
import { StageError } from './stage-error.js';
import { endStep, takeStep } from './take-step.js';

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
 * `batch` and `frame`: waits for one. `arrived`: an awaited batch is there. `back`: the frame has come out of the
 * pipeline and its step can be finished.
 */
type State = 'ready' | 'batch' | 'arrived' | 'frame' | 'back' | 'paused' | 'ended';

/**
 * One run's loop: a frame in flight, step after step in slices, with a macrotask between them.
 *
 * An operator that fed its own output back would recurse, and RxJS dies of that silently after some thousand
 * steps; a loop that waits for each frame does not.
 */
export class Loop<T, B> {
  #run: Run<T, B> | null = null;
  #cursor: Cursor<B> | null = null;
  readonly #head = new Subject<Frame<T>>();
  #pipe: Subscription | null = null;
  #pending: Pending | null = null;
  #state: State = 'ready';
  #batch: B | typeof usedUp | undefined;
  #frame: Frame<T> | null = null;
  #watched: Frame<T> | null = null;
  #pipelineDone = false;
  #sliceEnd = 0;
  #scheduled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stepsGranted = 0;
  #detach: (() => void)[] = [];
  readonly #slice = () => {
    this.#scheduled = false;
    this.#sliceEnd = performance.now() + this.options.sliceMilliseconds;
    this.#go();
  };

  constructor(
    readonly problem: Problem<T, B>,
    readonly source: Batches<B>,
    readonly pipeline: OperatorFunction<Frame<T>, Frame<T>>,
    readonly subscriber: Subscriber<Frame<T>>,
    readonly options: LoopOptions,
  ) {}

  start(): void {
    const { control, signal } = this.options;
    if (control !== undefined) {
      this.#stepsGranted = control.steps;
      this.#detach.push(
        control.watch(() => {
          if (this.#state !== 'paused') return;
          this.#state = 'ready';
          this.#later();
        }),
      );
    }
    if (signal !== undefined) {
      const abort = () => this.#abort(signal.reason);
      signal.addEventListener('abort', abort);
      this.#detach.push(() => signal.removeEventListener('abort', abort));
    }
    this.#later();
  }

  /** Frees everything; once, whatever brought the end. */
  close(): void {
    this.#state = 'ended';
    clearTimeout(this.#timer);
    for (const detach of this.#detach.splice(0)) detach();
    this.#pipe?.unsubscribe();
    if (this.#run !== null) this.#run.close();
    else this.#cursor?.close();
    this.#frame?.expire();
    this.#frame = null;
  }

  #later(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    macrotask(this.#slice);
  }

  /** Steps until the slice is over, or there is something to wait for. */
  #go(): void {
    if (this.#state === 'ended') return;
    try {
      const run = this.#run ?? this.#open();
      run.enter();
      try {
        while (this.#advance(run)) {
          if (performance.now() >= this.#sliceEnd) {
            this.#later();
            return;
          }
        }
      } finally {
        run.leave();
      }
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #open(): Run<T, B> {
    const { seed, checkpoint, signal } = this.options;
    this.#cursor = this.source.open();
    const run = new Run(this.problem, this.#cursor, seed, checkpoint);
    this.#run = run;
    this.#pending = new Pending();
    this.#pipe = this.pipeline(this.#head).subscribe({
      next: (frame) => this.#comeBack(frame),
      error: (cause) => this.#fail(cause),
      complete: () => {
        this.#pipelineDone = true;
        if (this.#state === 'frame' && !run.inHead) this.#lastNow(run, pipelineCompleted);
      },
    });
    if (signal?.aborted) run.ending = aborted(signal.reason);
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
    const { control, steps } = this.options;
    run.ending ??= this.#ending(run);
    if (run.ending === null && run.step >= steps) run.ending = budget(steps);
    if (run.ending !== null) return this.#last(run, run.ending);
    if (control !== undefined) {
      if (control.state === 'running') this.#stepsGranted = control.steps;
      else if (this.#stepsGranted < control.steps) this.#stepsGranted++;
      else return this.#wait('paused');
    }
    this.#endLease(run);
    let batch: ReturnType<Cursor<B>['next']>;
    try {
      batch = run.cursor.next();
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
      this.#resume();
    } else if (batch !== usedUp) run.cursor.release(batch);
  }

  #send(run: Run<T, B>, batch: B | typeof usedUp): boolean {
    if (batch === usedUp) return this.#last(run, batchesUsedUp);
    run.lendBatch(batch);
    const frame = this.#newFrame(run);
    run.whole = false;
    this.#state = 'frame';
    run.inHead = true;
    const start = performance.now();
    this.#head.next(frame);
    frame.milliseconds += performance.now() - start;
    run.inHead = false;
    if (this.#is('back')) return this.#finish(run);
    if (!this.#is('frame')) return false;
    if (this.#pipelineDone) return this.#last(run, pipelineCompleted);
    this.#watch();
    return false;
  }

  #comeBack(frame: unknown): void {
    const run = this.#run!;
    if (this.#state !== 'frame' || frame !== this.#frame) {
      const what =
        frame instanceof Frame ? `passed on the frame of step ${frame.step} twice` : 'made another frame';
      this.#fail(new Error(`the pipeline ${what}; every frame has to come out exactly once`));
      return;
    }
    clearTimeout(this.#timer);
    this.#state = 'back';
    if (!run.inHead) this.#resume();
  }

  /** Looks, when everything that can come at once has come, whether the frame in flight has got lost. */
  #watch(): void {
    if (this.#watched !== null) return; // one look at a time: it goes on with the frame of then
    this.#watched = this.#frame;
    macrotask(() => {
      const frame = this.#watched;
      this.#watched = null;
      if (this.#state !== 'frame') return;
      if (frame !== this.#frame) this.#watch();
      else if (this.#pending!.nothing()) this.#lost('and nothing asynchronous is pending');
      else {
        const { frameTimeout } = this.options;
        this.#timer = setTimeout(() => this.#lost(`not within ${frameTimeout} ms`), frameTimeout);
      }
    });
  }

  #lost(why: string): void {
    this.#fail(
      new Error(`the pipeline gave no frame back, ${why}; to lead frames round operators use skipWhen`),
    );
  }

  #finish(run: Run<T, B>): boolean {
    const frame = this.#frame!;
    const start = performance.now();
    run.allRestored();
    if (frame.outcome === undefined) takeStep(run as Run<T, unknown>, frame);
    else endStep(run as Run<T, unknown>, frame);
    if (frame.stepped) {
      run.step++;
      run.whole = true;
    }
    frame.milliseconds += performance.now() - start;
    frame.comeOut();
    frame.outcome ??= this.#ending(run) ?? undefined;
    if (run.step >= this.options.steps) frame.outcome ??= budget(this.options.steps);
    return this.#give(frame);
  }

  /** A last frame that takes no step. */
  #last(run: Run<T, B>, outcome: Outcome): boolean {
    this.#endLease(run);
    const frame = this.#newFrame(run);
    frame.outcome = outcome;
    frame.comeOut();
    return this.#give(frame);
  }

  #give(frame: Frame<T>): boolean {
    this.#state = 'ready';
    this.subscriber.next(frame);
    if (frame.outcome !== undefined && this.#is('ready')) this.subscriber.complete();
    return this.#is('ready');
  }

  /** Why the run ends now, asked for from outside; null where it goes on. */
  #ending(run: Run<T, B>): Outcome | null {
    if (run.ending !== null) return run.ending;
    if (this.options.control?.state === 'stopped') return stopped;
    return this.#pipelineDone ? pipelineCompleted : null;
  }

  #abort(reason: unknown): void {
    const run = this.#run;
    if (run === null || this.#state === 'ended') return;
    run.ending ??= aborted(reason);
    if (run.busy) return; // the loop is at work, and looks at `ending` before it goes on
    this.#lastNow(run, run.ending);
  }

  /** Ends the run from outside its loop. */
  #lastNow(run: Run<T, B>, outcome: Outcome): void {
    run.enter();
    this.#last(run, outcome);
    run.leave();
  }

  #newFrame(run: Run<T, B>): Frame<T> {
    const frame = new Frame<T>(run as Run<T, unknown>, run.step);
    this.#frame = frame;
    run.frame = frame;
    return frame;
  }

  #endLease(run: Run<T, B>): void {
    this.#frame?.expire();
    run.frame = null;
    run.settle();
  }

  #wait(state: 'paused' | 'batch'): false {
    this.#state = state;
    return false;
  }

  /** Goes on after something asynchronous: in this slice if there is time left, else in the next. */
  #resume(): void {
    if (performance.now() < this.#sliceEnd) queueMicrotask(() => this.#go());
    else this.#later();
  }

  #fail(cause: unknown, stage?: string): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    const run = this.#run;
    const located = run === null || cause instanceof StageError;
    this.subscriber.error(
      located ? cause : new StageError(stage ?? run.stage(), run.step, cause, run.savedParameters()),
    );
  }

  /** The state now; a comparison that the compiler does not take for settled. */
  #is(state: State): boolean {
    return this.#state === state;
  }
}

const stopped: Outcome = { kind: 'stopped', message: 'stopped by its control' };
const pipelineCompleted: Outcome = { kind: 'stopped', message: 'the pipeline completed' };
const batchesUsedUp: Outcome = { kind: 'budget', message: 'the batches are used up' };
const budget = (steps: number): Outcome => ({ kind: 'budget', message: `all ${steps} steps were taken` });
const aborted = (reason: unknown): Outcome => ({
  kind: 'stopped',
  message: `aborted: ${reason instanceof Error ? reason.message : String(reason)}`,
});
