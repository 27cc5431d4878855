import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Block,
  beginsLikeALog,
  blockBytes,
  type ChunkHeader,
  damaged,
  type Fragment,
  fragmentLength,
  headerBytes,
  LogError,
  readBlock,
  readFragment,
  roomAt,
  segmentBytes,
} from './log-format.js';

/** The log's name in a run's directory. */
export const logName = 'events.log';

export interface LogChunk extends ChunkHeader {
  /** The first byte of the chunk and the first byte behind it. */
  readonly offset: number;
  readonly end: number;
  /** A copy, so that columns in it are aligned. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** How much is read at once when chunks are read in a row, and when one is looked up. */
const window = { row: 1 << 18, single: 1 << 12 };

/** Random access to the chunks of a log that may still grow. */
export class LogFile {
  readonly path: string;
  readonly #fd: number;
  #bytes = Buffer.alloc(0);
  #from = 0;

  /** @throws LogError where there is no log, or none that this version reads */
  constructor(directory: string) {
    this.path = join(directory, logName);
    try {
      this.#fd = openSync(this.path, 'r');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new LogError(code === 'ENOENT' ? `${directory}: no run there (it holds no ${logName})` : message);
    }
    try {
      this.#check();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  size(): number {
    return fstatSync(this.#fd).size;
  }

  /** Forgets what has been read: the tail of a file may be written anew by one who repairs it. */
  refresh(): void {
    this.#bytes = Buffer.alloc(0);
  }

  /** How many whole index blocks there are. */
  blocks(): number {
    return Math.floor((this.size() - blockBytes) / segmentBytes) + 1;
  }

  /** @throws LogError where it is damaged */
  block(segment: number): Block {
    const offset = segment * segmentBytes;
    const bytes = this.#read(offset, blockBytes, window.single);
    if (bytes === null) throw new LogError(`${this.path}: ends before byte ${offset + blockBytes}`);
    return readBlock(bytes, this.path, offset);
  }

  /** A place from which reading chunks in a row leads to the event with this number. */
  seek(sequence: number): number {
    let low = 0;
    let high = this.blocks() - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.block(middle).sequence <= sequence) low = middle;
      else high = middle - 1;
    }
    return low * segmentBytes;
  }

  /** The chunk that begins at this byte. */
  chunkAt(offset: number): LogChunk {
    const chunk = this.#chunk(offset, window.single, false);
    if (chunk === null || chunk.offset !== offset) {
      throw new LogError(damaged(this.path, offset, 'a chunk is missing'));
    }
    return chunk;
  }

  /**
   * The first chunk at or behind this byte, or null where none is whole yet. From a place given by `seek`
   * the rest of a chunk that began before it is passed over.
   *
   * @throws LogError where the log is damaged
   */
  chunkFrom(offset: number): LogChunk | null {
    return this.#chunk(offset, window.row, offset % segmentBytes === 0);
  }

  /** The bytes from here to the end of the segment, or of the file. */
  restOfSegment(offset: number): Buffer {
    const length = Math.min(segmentBytes - (offset % segmentBytes), this.size() - offset);
    return this.#read(offset, length, length) ?? Buffer.alloc(0);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #chunk(start: number, ahead: number, skipRest: boolean): LogChunk | null {
    const parts: Buffer[] = [];
    let head: Fragment | undefined;
    let begin = start;
    let at = start;
    for (;;) {
      at = this.#passOver(at, ahead);
      if (at < 0) return null;
      const header = this.#read(at, headerBytes, ahead);
      if (header === null) return null;
      const length = fragmentLength(header);
      if (length < 1 || length > roomAt(at))
        throw new LogError(damaged(this.path, at, `a length of ${length}`));
      const bytes = this.#read(at, headerBytes + length, ahead);
      if (bytes === null) return null;
      const fragment = readFragment(bytes);
      if (fragment === null) throw new LogError(damaged(this.path, at, 'a checksum fails'));
      const end = at + headerBytes + length;
      if (head === undefined && !fragment.isFirst) {
        if (!skipRest) throw new LogError(damaged(this.path, at, 'the beginning of a chunk is missing'));
        at = end;
        continue;
      }
      if (head !== undefined && fragment.isFirst) {
        throw new LogError(damaged(this.path, at, 'the end of a chunk is missing'));
      }
      if (head === undefined) begin = at;
      head ??= fragment;
      parts.push(bytes.subarray(headerBytes));
      at = end;
      if (fragment.isLast) break;
    }
    const { kind, sequence, previous, count } = head;
    return { kind, sequence, previous, count, offset: begin, end: at, payload: joined(parts) };
  }

  /** Passes over index blocks and the zeros that fill a segment: the place of the next fragment, −1 if none yet. */
  #passOver(offset: number, ahead: number): number {
    let at = offset;
    if (at % segmentBytes !== 0 && roomAt(at) < 1) {
      const end = Math.ceil(at / segmentBytes) * segmentBytes;
      const filling = this.#read(at, end - at, ahead);
      if (filling === null) return -1;
      if (filling.some((byte) => byte !== 0))
        throw new LogError(damaged(this.path, at, 'filling is not zero'));
      at = end;
    }
    if (at % segmentBytes !== 0) return at;
    const bytes = this.#read(at, blockBytes, ahead);
    if (bytes === null) return -1;
    readBlock(bytes, this.path, at);
    return at + blockBytes;
  }

  /** `length` bytes, or null where the file ends before. */
  #read(offset: number, length: number, ahead: number): Buffer | null {
    const at = offset - this.#from;
    if (at >= 0 && at + length <= this.#bytes.length) return this.#bytes.subarray(at, at + length);
    const fresh = Buffer.allocUnsafe(Math.max(length, ahead));
    let filled = 0;
    while (filled < fresh.length) {
      const got = readSync(this.#fd, fresh, filled, fresh.length - filled, offset + filled);
      if (got === 0) break;
      filled += got;
    }
    this.#bytes = fresh.subarray(0, filled);
    this.#from = offset;
    return filled < length ? null : this.#bytes.subarray(0, length);
  }

  /** @throws LogError unless the file begins as a log does, as far as it goes */
  #check(): void {
    const size = Math.min(this.size(), blockBytes);
    const bytes = this.#read(0, size, size);
    if (bytes === null || !beginsLikeALog(bytes)) throw new LogError(`${this.path}: not a run log`);
    if (size === blockBytes) readBlock(bytes, this.path, 0);
  }
}

function joined(parts: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
