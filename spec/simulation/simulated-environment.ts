import type { Random } from '../../src/index.js';
import type { Environment } from '../../streams/index.js';
import type { Faults } from './faults.js';

interface Waiting {
  readonly at: number;
  /** Decides among those of one moment. */
  readonly rank: number;
  readonly inBackground: boolean;
  readonly task: () => void;
}

const longestSleep = 100_000;
/** How far the calendar is from the clock at first, and how far a person sets it back or forth at most. */
const calendarBegins = Date.UTC(2026, 0, 1);
const longestShift = 86_400_000;

/**
 * Virtual time of one process: its clock moves when it is looked at and when there is nothing else to do, and of the
 * tasks that wait for one moment the seed decides which comes first.
 */
export class SimulatedEnvironment implements Environment {
  #time = 0;
  #shift = calendarBegins;
  #waiting: Waiting[] = [];

  constructor(
    readonly random: Random,
    readonly faults: Faults,
    /** Virtual milliseconds that one look at the clock takes at most: work takes time, and slices come to their ends. */
    readonly longestLook = 0.5,
  ) {}

  now(): number {
    this.#time += this.longestLook * this.random.uniform();
    if (this.faults.strikes('leapingClock')) this.#time += longestSleep * this.faults.share('leapingClock');
    return this.#time;
  }

  /** Somebody may have set the clock, back as well as forth. */
  date(): Date {
    if (this.faults.strikes('setCalendar')) {
      this.#shift += longestShift * (2 * this.faults.share('setCalendar') - 1);
    }
    return new Date(this.#shift + this.#time);
  }

  microtask(task: () => void): void {
    this.#add(0, task, false, -1);
  }

  macrotask(task: () => void): void {
    this.#add(0, task, false);
  }

  timer(milliseconds: number, task: () => void, inBackground = false): () => void {
    const waiting = this.#add(milliseconds, task, inBackground);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
    };
  }

  /** Things of the background bring nothing back that a run waits for. */
  pending(): { nothing(): boolean } {
    return { nothing: () => this.#waiting.every(({ inBackground }) => inBackground) };
  }

  randomBytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.random.integer(256));
  }

  /**
   * Does what waits, in order of time, until `ended`, or nothing waits that is not of the background, or the time is
   * over.
   */
  async run(
    ended: () => boolean,
    milliseconds: number,
    among: 'foreground' | 'all' = 'foreground',
  ): Promise<'ended' | 'idle' | 'late'> {
    const end = this.#time + milliseconds;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve)); // promises that are settled are heard first
      if (ended()) return 'ended';
      if (among === 'foreground' && this.pending().nothing()) return 'idle';
      const next = this.#next();
      if (next === undefined) return 'idle';
      if (next.at > end) return 'late';
      this.#time = Math.max(this.#time, next.at);
      next.task();
    }
  }

  #next(): Waiting | undefined {
    let next: Waiting | undefined;
    for (const one of this.#waiting) {
      if (next === undefined || one.at < next.at || (one.at === next.at && one.rank < next.rank)) next = one;
    }
    this.#waiting = this.#waiting.filter((one) => one !== next);
    return next;
  }

  #add(milliseconds: number, task: () => void, inBackground: boolean, rank = this.random.uniform()): Waiting {
    const waiting = { at: this.#time + milliseconds, rank, inBackground, task };
    this.#waiting.push(waiting);
    return waiting;
  }
}
