import { type Environment, realEnvironment } from '../../streams/environment.js';

/** Something that works in small parts, each of a few milliseconds at most. */
export interface Work {
  /** Does a part; returns whether there is more to do now. */
  turn(): boolean;
}

/** For so long works have their turns; then sockets, requests and timers have theirs. */
const sliceMilliseconds = 5;

/**
 * Works that take turns, so that none of them, nor all together, keeps the thread from answering a request: however
 * many clients there are and whatever they ask for.
 */
export class Turns {
  /** In the order of their turns: a work that has had one and has more to do goes to the end. */
  readonly #waiting = new Set<Work>();
  #isNext = false;

  constructor(readonly environment: Environment = realEnvironment) {}

  /** Gives the work a turn, soon. */
  add(work: Work): void {
    this.#waiting.add(work);
    if (!this.#isNext) this.#go();
  }

  remove(work: Work): void {
    this.#waiting.delete(work);
  }

  close(): void {
    this.#waiting.clear();
  }

  readonly #slice = (): void => {
    this.#isNext = false;
    const end = this.environment.now() + sliceMilliseconds;
    // What is added to a set while it is gone through comes at the end of it.
    for (const work of this.#waiting) {
      this.#waiting.delete(work);
      if (work.turn()) this.#waiting.add(work);
      if (this.environment.now() > end) break;
    }
    if (this.#waiting.size > 0 && !this.#isNext) this.#go();
  };

  #go(): void {
    this.#isNext = true;
    this.environment.macrotask(this.#slice);
  }
}
