import {
  blockBytes,
  headerBytes,
  roomAt,
  segmentBytes,
  writeBlock,
  writeFragmentHeader,
} from './log-format.js';
import type { LogIndex } from './log-index.js';

/** The last bytes of a log, which are not on disk yet: those before the index's `position`. */
export class UnwrittenChunks {
  readonly #index: LogIndex;
  /** The log's own mark, the same in each of its index blocks. */
  readonly #id: Uint8Array;
  #buffer = Buffer.alloc(1 << 17);
  #used = 0;

  constructor(index: LogIndex, id: Uint8Array) {
    this.#index = index;
    this.#id = id;
  }

  /** In bytes. */
  get length(): number {
    return this.#used;
  }

  /** What is to be written, and where; valid until the next `add`. Afterwards there is nothing unwritten. */
  take(): { readonly start: number; readonly bytes: Buffer } {
    const bytes = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return { start: this.#index.position - bytes.length, bytes };
  }

  /** Cuts a chunk into fragments, with index blocks between them, and says at which byte it begins. */
  add(kind: number, count: number, payload: Uint8Array): number {
    const index = this.#index;
    const sequence = index.next;
    const previous = index.heads.get(kind) ?? 0;
    let offset = -1;
    for (let done = 0; done < payload.length; ) {
      this.#beginFragment();
      if (offset < 0) {
        offset = index.position;
        index.next = sequence + count; // not before: the index block in front of the chunk leads to it
      }
      const length = Math.min(payload.length - done, roomAt(index.position));
      const at = this.#reserve(headerBytes + length);
      this.#buffer.set(payload.subarray(done, done + length), at + headerBytes);
      const isLast = done + length === payload.length;
      const fragment = { kind, sequence, previous, count, length, isFirst: done === 0, isLast };
      writeFragmentHeader(this.#buffer, at, fragment);
      done += length;
    }
    index.heads.set(kind, offset);
    return offset;
  }

  /** Fills up the segment where no fragment fits into it, and begins one with its index block. */
  #beginFragment(): void {
    const { position } = this.#index;
    if (position % segmentBytes !== 0 && roomAt(position) < 1) {
      const length = segmentBytes - (position % segmentBytes);
      const at = this.#reserve(length);
      this.#buffer.fill(0, at, at + length);
    }
    if (this.#index.position % segmentBytes !== 0) return;
    const segment = this.#index.position / segmentBytes;
    const { next: sequence, spine } = this.#index;
    const at = this.#reserve(blockBytes);
    writeBlock(this.#buffer, at, { segment, sequence, spine, id: this.#id });
  }

  /** Room at the end of the buffer, counted as part of the log from now on. */
  #reserve(length: number): number {
    const at = this.#used;
    if (at + length > this.#buffer.length) {
      const larger = Buffer.alloc(2 * (at + length));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    this.#used += length;
    this.#index.position += length;
    return at;
  }
}
