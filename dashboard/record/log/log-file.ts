import { join } from 'node:path';
import { type Disk, nodeDisk } from '../disk/disk.js';
import { onFile } from '../disk/disk-error.js';
import { checkFile } from '../disk/whole-files.js';
import {
  type Block,
  beginsLikeALog,
  blockBytes,
  type ChunkHeader,
  damaged,
  type Fragment,
  fragmentLength,
  headerBytes,
  isBlock,
  isBlockInPart,
  isFirstBlockWithHoles,
  LogError,
  readBlock,
  readFragment,
  roomAt,
  segmentBytes,
} from './log-format.js';
import { anyFragmentBehind } from './torn-tail.js';

/** The log's name in a run's directory. */
export const logName = 'events.log';

export interface LogChunk extends ChunkHeader {
  /** The first byte of the chunk and the first byte behind it. */
  readonly offset: number;
  readonly end: number;
  /** A copy, so that columns in it are aligned. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Where reading a chunk came to no end: at the end of the file, or at bytes that are none of a log's. */
interface Stop {
  readonly at: number;
  readonly what: string;
}

/** How much is read at once when chunks are read in a row, and when one is looked up. */
const window = { row: 1 << 18, single: 1 << 12 };

/** Random access to the chunks of a log that may still grow. */
export class LogFile {
  readonly path: string;
  readonly #disk: Disk;
  readonly #fd: number;
  #bytes = Buffer.alloc(0);
  #from = 0;
  /** The first bytes, in which logs differ. */
  #head = Buffer.alloc(0);
  /** What was found torn, not to be searched anew until more is written. */
  #torn = { at: -1, size: -1 };

  /** @throws LogError where there is no log, or none that this version reads; DiskError where it cannot be opened */
  constructor(directory: string, disk: Disk = nodeDisk) {
    this.path = join(directory, logName);
    this.#disk = disk;
    if (!disk.existsSync(this.path))
      throw new LogError(`${directory}: no run there (it holds no ${logName})`);
    checkFile(this.path, disk);
    this.#fd = onFile(this.path, () => disk.openSync(this.path, 'r'));
    try {
      this.#check();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  size(): number {
    return this.#disk.fstatSync(this.#fd).size;
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
      if (this.#leadsTo(middle, sequence)) low = middle;
      else high = middle - 1;
    }
    return low * segmentBytes;
  }

  /** The chunk that begins at this byte. */
  chunkAt(offset: number): LogChunk {
    const chunk = this.#chunk(offset, window.single, false);
    if ('what' in chunk || chunk.offset !== offset) {
      throw new LogError(damaged(this.path, offset, 'a chunk is missing'));
    }
    return chunk;
  }

  /**
   * The first chunk at or behind this byte, or null where none is whole yet: the rest is half-written, now or by a
   * crash. From a place given by `seek` the rest of a chunk that began before it is passed over.
   *
   * @throws LogError where whole fragments stand behind what cannot be read: it is damaged, not torn
   */
  chunkFrom(offset: number): LogChunk | null {
    const skipRest = offset % segmentBytes === 0;
    const chunk = this.#chunk(offset, window.row, skipRest);
    if (!('what' in chunk)) return chunk;
    const size = this.size();
    if (chunk.at >= size || (chunk.at === this.#torn.at && size === this.#torn.size)) return null;
    if (!anyFragmentBehind(this, chunk.at)) {
      this.#torn = { at: chunk.at, size };
      return null;
    }
    this.refresh(); // its writer may have come as far since
    const again = this.#chunk(offset, window.row, skipRest);
    if ('what' in again) throw new LogError(damaged(this.path, again.at, again.what));
    return again;
  }

  /** The bytes from here to the end of the segment, or of the file. */
  restOfSegment(offset: number): Buffer {
    const length = Math.max(0, Math.min(segmentBytes - (offset % segmentBytes), this.size() - offset));
    return this.#read(offset, length, length) ?? Buffer.alloc(0);
  }

  /** What has become of the file under its name since it was opened; undefined where it is as it was, or longer. */
  lost(position: number): string | undefined {
    const there = this.#disk.statSync(this.path, { throwIfNoEntry: false });
    if (there === undefined) return `${this.path} has been deleted`;
    const { ino, dev, size } = this.#disk.fstatSync(this.#fd);
    if (there.ino !== ino || there.dev !== dev) return `${this.path} has been replaced by another file`;
    if (size < position) return `${this.path} has been shortened`;
    const head = Buffer.alloc(this.#head.length);
    this.#disk.readSync(this.#fd, head, 0, head.length, 0);
    return head.equals(this.#head) ? undefined : `${this.path} has been replaced by another log`;
  }

  close(): void {
    this.#disk.closeSync(this.#fd);
  }

  /** Whether reading from this segment on leads to the event; from one whose block is damaged or torn it does not. */
  #leadsTo(segment: number, sequence: number): boolean {
    try {
      return this.block(segment).sequence <= sequence;
    } catch (error) {
      if (error instanceof LogError) return false;
      throw error;
    }
  }

  #chunk(start: number, ahead: number, skipRest: boolean): LogChunk | Stop {
    const parts: Buffer[] = [];
    let head: Fragment | undefined;
    let begin = start;
    let at = start;
    for (;;) {
      const next = this.#passOver(at, ahead);
      if (typeof next !== 'number') return next;
      at = next;
      const stop = (what: string): Stop => ({ at, what });
      const header = this.#read(at, headerBytes, ahead);
      if (header === null) return stop('the file ends in a header');
      const length = fragmentLength(header);
      if (length < 1 || length > roomAt(at)) return stop(`a length of ${length}`);
      const bytes = this.#read(at, headerBytes + length, ahead);
      if (bytes === null) return stop(`a length of ${length}, beyond the end`);
      const fragment = readFragment(bytes);
      if (fragment === null) return stop('a checksum fails');
      const end = at + headerBytes + length;
      if (head === undefined && !fragment.isFirst) {
        if (!skipRest) return stop('the beginning of a chunk is missing');
        at = end;
        continue;
      }
      if (head !== undefined && fragment.isFirst) return stop('the end of a chunk is missing');
      if (head === undefined) begin = at;
      head ??= fragment;
      parts.push(bytes.subarray(headerBytes));
      at = end;
      if (fragment.isLast) break;
    }
    const { kind, sequence, previous, count } = head;
    return { kind, sequence, previous, count, offset: begin, end: at, payload: joined(parts) };
  }

  /** Passes over index blocks and the zeros that fill a segment: the place of the next fragment. */
  #passOver(offset: number, ahead: number): number | Stop {
    let at = offset;
    if (at % segmentBytes !== 0 && roomAt(at) < 1) {
      const end = Math.ceil(at / segmentBytes) * segmentBytes;
      const filling = this.#read(at, end - at, ahead);
      if (filling === null) return { at, what: 'the file ends in a filling' };
      if (filling.some((byte) => byte !== 0)) return { at, what: 'filling is not zero' };
      at = end;
    }
    if (at % segmentBytes !== 0) return at;
    const bytes = this.#read(at, blockBytes, ahead);
    if (bytes === null) return { at, what: 'the file ends in an index block' };
    return isBlock(bytes, at) ? at + blockBytes : { at, what: 'the index block is not whole' };
  }

  /** `length` bytes, or null where the file ends before. */
  #read(offset: number, length: number, ahead: number): Buffer | null {
    const at = offset - this.#from;
    if (at >= 0 && at + length <= this.#bytes.length) return this.#bytes.subarray(at, at + length);
    const fresh = Buffer.allocUnsafe(Math.max(length, ahead));
    let filled = 0;
    while (filled < fresh.length) {
      const got = this.#disk.readSync(this.#fd, fresh, filled, fresh.length - filled, offset + filled);
      if (got === 0) break;
      filled += got;
    }
    this.#bytes = fresh.subarray(0, filled);
    this.#from = offset;
    return filled < length ? null : this.#bytes.subarray(0, length);
  }

  /**
   * A power cut before the first sync may leave the length of a beginning and part of its bytes: such a log holds
   * nothing yet, and all of it is torn.
   *
   * @throws LogError unless the file begins as a log does, as far as it goes
   */
  #check(): void {
    const size = Math.min(this.size(), blockBytes);
    const bytes = this.#read(0, size, size) ?? Buffer.alloc(0);
    this.#head = Buffer.from(bytes);
    const hasHoles = isFirstBlockWithHoles(bytes); // all zeros, where a file's length came before its bytes
    const isTorn = () => (isBlockInPart(bytes) || hasHoles) && !anyFragmentBehind(this, 0);
    if (size === blockBytes && !isBlock(bytes, 0) && !isTorn()) readBlock(bytes, this.path, 0);
    else if (!beginsLikeALog(bytes) && !hasHoles) throw new LogError(`${this.path}: not a run log`);
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
