import { isBeingWritten, LogReader } from '../record/log/index.js';
import { Batches, type Wire } from './wire.js';

/** The newest messages are kept for all clients that have come so far: no more than this of them. */
const mostRecent = 256;
/** How often it is asked whether a process still writes the log. */
const livenessMilliseconds = 1000;

/** The log as the clients see it: its newest messages encoded once, whoever takes them. */
export class LogTail {
  readonly reader: LogReader;
  readonly #directory: string;
  readonly #batches: Batches;
  readonly #recent: Wire[] = [];
  #live: boolean;
  #asked = performance.now();

  constructor(directory: string) {
    this.#directory = directory;
    this.#live = isBeingWritten(directory);
    this.reader = new LogReader(directory);
    this.#batches = new Batches(this.reader.cursor(this.reader.seq + 1));
  }

  /** Whether the run still goes on. */
  get live(): boolean {
    return this.#live;
  }

  /** What is wrong with the log, if anything. */
  get fault(): string | undefined {
    const { fault, tornBytes } = this.reader;
    if (fault !== undefined) return fault.message;
    if (this.#live || tornBytes === 0) return undefined;
    return `The run was cut off: the last ${tornBytes} bytes of its log are an event half-written.`;
  }

  /** Takes in what was written since. */
  refresh(): void {
    const now = performance.now();
    if (now - this.#asked > livenessMilliseconds) {
      this.#asked = now;
      this.#live = isBeingWritten(this.#directory);
    }
    if (!this.reader.refresh()) return;
    for (let wire = this.#batches.next(); wire !== null; wire = this.#batches.next()) this.#recent.push(wire);
    if (this.#recent.length > mostRecent) this.#recent.splice(0, this.#recent.length - mostRecent);
  }

  /** The message that begins with this event, if it is among the newest. */
  recent(seq: number): Wire | undefined {
    let low = 0;
    let high = this.#recent.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const wire = this.#recent[middle];
      if (wire.seq === seq) return wire;
      if (wire.seq < seq) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  close(): void {
    this.reader.close();
  }
}
