import type { OperatorFunction, Subscriber } from 'rxjs';
import { DeviceLost } from '../src/index.js';
import type { Problem } from '../src/objective/problem.js';
import type { Batches, Cursor } from './batches.js';
import type { Checkpoint } from './checkpoint.js';
import type { Control } from './control.js';
import { aborted } from './ends.js';
import { type Environment, realEnvironment } from './environment.js';
import type { Frame } from './frame.js';
import { Run } from './run.js';
import { Slices } from './slices.js';
import { StageError } from './stage-error.js';
import { Steps } from './steps.js';
import { Turns } from './turns.js';

export interface LoopOptions {
  readonly seed: number;
  readonly steps: number;
  readonly frameTimeout: number;
  readonly sliceMilliseconds: number;
  readonly control?: Control;
  readonly signal?: AbortSignal;
  readonly checkpoint?: Checkpoint;
  readonly environment?: Environment;
}

/**
 * One subscription's run: opened in its first slice, steps taken in slices with a macrotask between them, until it
 * ends, fails or is closed.
 *
 * An operator that fed its own output back would recurse, and RxJS dies of that silently after some thousand
 * steps; a loop that waits for each frame does not.
 */
export class Loop<T, B> {
  readonly #environment: Environment;
  readonly #slices: Slices;
  readonly #turns: Turns;
  #cursor: Cursor<B> | null = null;
  #run: Run<T, B> | null = null;
  #steps: Steps<T, B> | null = null;
  #ended = false;
  #failed = false;
  #lost = false;
  readonly #detach: (() => void)[] = [];

  constructor(
    readonly problem: Problem<T, B>,
    readonly source: Batches<B>,
    readonly pipeline: OperatorFunction<Frame<T>, Frame<T>>,
    readonly subscriber: Subscriber<Frame<T>>,
    readonly options: LoopOptions,
  ) {
    this.#environment = options.environment ?? realEnvironment;
    this.#slices = new Slices(options.sliceMilliseconds, () => this.#go(), this.#environment);
    this.#turns = new Turns(options.control);
  }

  start(): void {
    const { signal } = this.options;
    this.#detach.push(this.#turns.watch(() => this.#steps?.askAgain()));
    if (signal !== undefined) {
      const abort = () => this.#abort(signal.reason);
      signal.addEventListener('abort', abort);
      this.#detach.push(() => signal.removeEventListener('abort', abort));
    }
    this.#slices.another();
  }

  /** Frees everything; once, whatever brought the end. */
  close(): void {
    this.#ended = true;
    for (const detach of this.#detach.splice(0)) detach();
    this.#steps?.close();
    if (this.#run !== null) this.#run.close(this.#failed ? 'failed' : 'ended');
    else this.#cursor?.close();
  }

  #go(): void {
    if (this.#ended) return;
    try {
      const steps = this.#steps ?? this.#open();
      if (this.#ended) steps.close();
      else steps.go();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #open(): Steps<T, B> {
    const { seed, checkpoint, signal } = this.options;
    this.#cursor = this.source.open();
    const run = new Run(this.problem, this.#cursor, seed, this.#environment, checkpoint);
    this.#run = run;
    this.#steps = new Steps(run, this.pipeline, this.options, this.#turns, {
      slices: this.#slices,
      giveOut: (frame) => this.subscriber.next(frame),
      complete: () => this.subscriber.complete(),
      fail: (cause, stage) => this.#fail(cause, stage),
    });
    if (signal?.aborted) run.end(aborted(signal.reason));
    return this.#steps;
  }

  #abort(reason: unknown): void {
    if (this.#ended || this.#run === null) return; // a run not yet opened looks at the signal itself
    this.#run.end(aborted(reason));
    this.#steps?.endNow();
  }

  #fail(cause: unknown, stage = this.#steps?.stage ?? 'pipeline'): void {
    if (this.#ended) return;
    const reason = cause instanceof StageError ? cause.cause : cause;
    if (reason instanceof DeviceLost && this.#steps !== null && !this.#lost) {
      this.#lost = true;
      this.#steps.endLost(reason);
      return;
    }
    this.#ended = true;
    this.#failed = true;
    const run = this.#run;
    const told = run === null || cause instanceof StageError;
    this.subscriber.error(told ? cause : new StageError(stage, run.step, cause, run.rescuedParameters()));
  }
}
