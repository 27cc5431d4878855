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
  #next: NodeJS.Immediate | undefined;

  /** Gives the work a turn, soon. */
  add(work: Work): void {
    this.#waiting.add(work);
    this.#next ??= setImmediate(this.#slice);
  }

  remove(work: Work): void {
    this.#waiting.delete(work);
  }

  close(): void {
    clearImmediate(this.#next);
    this.#waiting.clear();
  }

  readonly #slice = (): void => {
    const end = performance.now() + sliceMilliseconds;
    // What is added to a set while it is gone through comes at the end of it.
    for (const work of this.#waiting) {
      this.#waiting.delete(work);
      if (work.turn()) this.#waiting.add(work);
      if (performance.now() > end) break;
    }
    this.#next = this.#waiting.size > 0 ? setImmediate(this.#slice) : undefined;
  };
}
