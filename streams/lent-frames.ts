import type { Outcome } from '../src/index.js';
import { Frame } from './frame.js';
import type { Run } from './run.js';

/** The frames of a run, lent one at a time: each holds until the next begins. */
export class LentFrames<T, B> {
  #frame: Frame<T> | null = null;
  #before: Frame<T> | null = null; // the last that took a step

  constructor(readonly run: Run<T, B>) {}

  /** The last operator that has worked on the frame. */
  get stage(): string | undefined {
    return this.#frame?.stage;
  }

  /** A frame for a step on a batch. */
  begin(batch: B): Frame<T> {
    this.run.begin(batch);
    this.#frame = new Frame(this.run);
    return this.#frame;
  }

  /** The frame with its step taken; `ending` tells whether the run ends with it. */
  finish(ending: () => Outcome | undefined): Frame<T> {
    const frame = this.#frame!;
    frame.finish(ending);
    if (frame.stepped) this.#before = frame;
    return frame;
  }

  /** A last frame that takes no step, with the numbers of the last one that did. */
  last(outcome: Outcome): Frame<T> {
    this.end();
    const frame = new Frame<T>(this.run);
    this.#frame = frame;
    if (this.#before !== null) frame.repeat(this.#before);
    frame.end(outcome);
    return this.finish(() => undefined);
  }

  /** Takes the frame back, and frees what it borrowed. */
  end(): void {
    this.takeBack();
    this.run.endLease();
  }

  takeBack(): void {
    this.#frame?.expire();
    this.#frame = null;
  }
}
