import { type Environment, realEnvironment } from '../../streams/environment.js';
import type { Disk } from '../record/disk/disk.js';
import { isBeingWritten, LogReader } from '../record/log/index.js';
import type { Work } from './turns.js';
import { Batches, type Wire } from './wire.js';

/** The newest messages are kept for all clients that have come so far: no more than this of them. */
const mostRecent = 256;
/** Events that come faster than they can be encoded are passed over; clients read what they want of them themselves. */
const mostBehind = 100_000;
/** How long it reads on at a time; to encode what was read takes about as long again. */
const turnMilliseconds = 4;
/** Who waits is told of new events as often, though more of them are to be read still. */
const newsMilliseconds = 500;
/** How often it is asked whether a process still writes the log. */
const livenessMilliseconds = 1000;

export interface LogTailOptions {
  /** Called when new events, or another state of the run, are known. */
  onNews?(): void;
  /** Default: the file system. */
  readonly disk?: Disk;
  /** Default: this machine's clock. */
  readonly environment?: Environment;
}

/** The log as the clients see it: its newest messages encoded once, whoever takes them. */
export class LogTail implements Work {
  readonly reader: LogReader;
  #batches: Batches;
  /** The number of the first event that has not been encoded. */
  #encoded: number;
  #recent: Wire[] = [];
  #told: number;
  #live: boolean;
  #asked: number;
  readonly environment: Environment;

  constructor(
    readonly directory: string,
    private readonly options: LogTailOptions = {},
  ) {
    const { disk, environment = realEnvironment } = options;
    this.environment = environment;
    this.#told = this.#asked = environment.now();
    this.#live = isBeingWritten(directory, disk);
    this.reader = new LogReader(directory, disk);
    this.#encoded = this.reader.seq + 1;
    this.#batches = new Batches(this.reader.cursor(this.#encoded));
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

  /** Takes in some of what was written since. */
  turn(): boolean {
    const { environment, options } = this;
    const now = environment.now();
    if (now - this.#asked > livenessMilliseconds) {
      this.#asked = now;
      this.#live = isBeingWritten(this.directory, options.disk);
    }
    this.reader.checkFile(); // another log must not be read as this one's tail
    const isBehind = this.reader.refresh(() => environment.now() - now <= turnMilliseconds);
    this.#encode(); // at once: clients that come to the newest event go on at the beginning of a message
    if (!isBehind || now - this.#told > newsMilliseconds) {
      this.#told = now;
      options.onNews?.();
    }
    return isBehind;
  }

  #encode(): void {
    const { reader } = this;
    if (reader.seq - this.#encoded > mostBehind) {
      this.#recent = [];
      this.#batches = new Batches(reader.cursor(reader.seq + 1));
    }
    for (let wire = this.#batches.next(); wire !== null; wire = this.#batches.next()) this.#recent.push(wire);
    if (this.#recent.length > 2 * mostRecent) this.#recent = this.#recent.slice(-mostRecent);
    this.#encoded = reader.seq + 1;
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
