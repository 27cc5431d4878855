import { macrotask } from './macrotask.js';
import { Pending } from './pending.js';

/** Time and turns, asked for here by everything that measures or waits, so that a simulation can give its own. */
export interface Environment {
  /** Milliseconds since some moment; never less than before. */
  now(): number;
  /** What the calendar shows: it jumps, back too, where somebody sets the clock, and is for people to read. */
  date(): Date;
  /** Has the task done when the code that runs now has returned. */
  microtask(task: () => void): void;
  /** Has the task done as soon as sockets and timers had their turn. */
  macrotask(task: () => void): void;
  /**
   * Has the task done so many milliseconds later, and returns how to call it off. One in the background keeps no
   * process alive.
   */
  timer(milliseconds: number, task: () => void, inBackground?: boolean): () => void;
  /** Taken down now, tells later whether anything asynchronous is pending that was not. */
  pending(): { nothing(): boolean };
  /** Bytes that nobody can foresee. */
  randomBytes(count: number): Uint8Array;
}

/** The clock of this machine and the turns of its event loop. */
export const realEnvironment: Environment = {
  now: () => performance.now(),
  date: () => new Date(),
  microtask: (task) => queueMicrotask(task),
  macrotask,
  timer(milliseconds, task, inBackground = false) {
    const timer: ReturnType<typeof setTimeout> & { unref?(): void } = setTimeout(task, milliseconds);
    if (inBackground) timer.unref?.(); // a number in a browser
    return () => clearTimeout(timer);
  },
  pending: () => new Pending(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
