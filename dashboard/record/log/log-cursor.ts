import { sliceSteps } from '../step-columns.js';
import { entryOf, type LogEntry } from './log-entry.js';
import type { LogFile } from './log-file.js';
import { damaged, LogError } from './log-format.js';

/** Reads the events of a log in order. */
export class LogCursor {
  readonly #file: LogFile;
  #position: number;
  #next: number;

  /** @param from the number of the first event wanted */
  constructor(file: LogFile, from = 1) {
    this.#file = file;
    this.#position = file.blocks() > 0 ? file.seek(from) : 0;
    this.#next = from;
  }

  /** The number of the event that `next` will come to. */
  get seq(): number {
    return this.#next;
  }

  /** The first byte that has not been read. */
  get position(): number {
    return this.#position;
  }

  /**
   * The events of the next chunk that begins before the byte `end`; null where none is whole yet.
   *
   * @throws LogError where the log is damaged
   */
  next(end = Number.POSITIVE_INFINITY): LogEntry | null {
    while (this.#position < end) {
      const chunk = this.#file.chunkFrom(this.#position);
      if (chunk === null || chunk.offset >= end) return null;
      const { sequence, count } = chunk;
      if (sequence > this.#next) {
        const what = `event ${sequence} stands where ${this.#next} should`;
        throw new LogError(damaged(this.#file.path, chunk.offset, what));
      }
      this.#position = chunk.end;
      if (sequence + count <= this.#next) continue; // before what is wanted, or a summary
      const entry = entryOf(chunk);
      const skipped = this.#next - sequence;
      this.#next = sequence + count;
      if (entry?.kind === 'steps' && skipped > 0) {
        return { kind: 'steps', seq: entry.seq + skipped, steps: sliceSteps(entry.steps, skipped) };
      }
      if (entry !== null) return entry;
    }
    return null;
  }
}
