import { crc32 } from 'node:zlib';

/**
 * The bytes of `events.log`, format 1. Little-endian.
 *
 * The file is cut into segments of `segmentBytes`. Each begins with an index block of `blockBytes`, the first
 * of which is the file's header; the event with a given sequence number is found by bisection over them.
 *
 *     block     magic [8] · u16 major · u16 minor · u32 segment · f64 sequence · f64 spine · id [16]
 *               · 12 zeros · u32 crc
 *
 * `sequence` is the number of the first event that begins behind the block, `spine` the place of the newest
 * spine chunk (0: none), `id` random, the same in the whole file, `crc` the CRC-32 of the bytes before it.
 *
 * Behind the block stand fragments; a chunk that does not fit into what is left of a segment goes on in the
 * next one. Where not even a fragment's header fits, zeros fill the segment.
 *
 *     fragment  u32 crc · u32 length · f64 sequence · f64 previous · u32 count · u8 kind · u8 place · u16 0
 *               · payload [length]
 *
 * `crc` covers all bytes of the fragment behind it; `place` is the sum of 1 (the chunk's first) and 2 (its
 * last); the other fields are those of the chunk: it holds the events `sequence` … `sequence + count − 1`, and
 * the chunk of the same kind before it begins at byte `previous` (0: none). Chunks of unknown kinds are skipped.
 */
export const majorVersion = 1;
export const minorVersion = 0;
export const segmentBytes = 1 << 16;
export const blockBytes = 64;
export const headerBytes = 32;

const magic = Buffer.from([0x89, 0x46, 0x4c, 0x58, 0x0d, 0x0a, 0x1a, 0x0a]); // caught by text-mode copies, as PNG's
const first = 1;
const last = 2;

/** Kinds of chunks: `steps` holds columns, `node` and `spine` the pyramid of summaries, the others one event. */
export const chunkKinds = {
  steps: 1,
  node: 2,
  spine: 3,
  run: 16,
  evaluation: 17,
  point: 18,
  operators: 19,
  checkpoint: 20,
  control: 21,
  outcome: 22,
  result: 23,
  landscape: 24,
  list: 25,
  slice: 26,
} as const;

/** The events that have chunks of their own: all but steps. */
export type RareKind = Exclude<keyof typeof chunkKinds, 'steps' | 'node' | 'spine'>;

export const isRare = (kind: number) => kind >= chunkKinds.run && kind <= chunkKinds.slice;

/** What is wrong with a log, for a person: the file, the place, what to do about it where that is known. */
export class LogError extends Error {
  override readonly name = 'LogError';
}

export interface Block {
  readonly segment: number;
  readonly sequence: number;
  readonly spine: number;
  readonly id: Uint8Array;
}

export interface ChunkHeader {
  readonly kind: number;
  readonly sequence: number;
  readonly previous: number;
  readonly count: number;
}

export interface Fragment extends ChunkHeader {
  readonly length: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export function writeBlock(to: Buffer, at: number, block: Block): void {
  to.fill(0, at, at + blockBytes);
  magic.copy(to, at);
  to.writeUInt16LE(majorVersion, at + 8);
  to.writeUInt16LE(minorVersion, at + 10);
  to.writeUInt32LE(block.segment, at + 12);
  to.writeDoubleLE(block.sequence, at + 16);
  to.writeDoubleLE(block.spine, at + 24);
  to.set(block.id, at + 32);
  to.writeUInt32LE(crc32(to.subarray(at, at + blockBytes - 4)), at + blockBytes - 4);
}

/** Whether the bytes may be the beginning of a log. */
export function beginsLikeALog(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, magic.length);
  return bytes.subarray(0, length).equals(magic.subarray(0, length));
}

/** @throws LogError on a foreign file, a newer major version, a checksum that fails */
export function readBlock(bytes: Buffer, file: string, offset: number): Block {
  if (!beginsLikeALog(bytes)) {
    throw new LogError(
      offset === 0 ? `${file}: not a run log` : damaged(file, offset, 'no index block stands there'),
    );
  }
  const whole = crc32(bytes.subarray(0, blockBytes - 4)) === bytes.readUInt32LE(blockBytes - 4);
  const major = bytes.readUInt16LE(8);
  if (major !== majorVersion) {
    throw new LogError(
      `${file}: written in format ${major}.${bytes.readUInt16LE(10)}, but this version reads format ` +
        `${majorVersion}${whole ? '; a newer fluxion will open it' : ', or its header is damaged'}`,
    );
  }
  if (!whole || bytes.readUInt32LE(12) * segmentBytes !== offset) {
    throw new LogError(damaged(file, offset, 'the checksum of the index block fails'));
  }
  return {
    segment: bytes.readUInt32LE(12),
    sequence: bytes.readDoubleLE(16),
    spine: bytes.readDoubleLE(24),
    id: Buffer.from(bytes.subarray(32, 48)),
  };
}

/** Whether a whole index block of this place stands in the bytes. */
export function isBlock(bytes: Buffer, offset: number): boolean {
  return (
    isBlockInPart(bytes) &&
    bytes.readUInt32LE(12) * segmentBytes === offset &&
    crc32(bytes.subarray(0, blockBytes - 4)) === bytes.readUInt32LE(blockBytes - 4)
  );
}

/** Whether the bytes begin as an index block of this version does. */
export function isBlockInPart(bytes: Buffer): boolean {
  return beginsLikeALog(bytes) && bytes.readUInt16LE(8) === majorVersion;
}

/** Whether these bytes of a file's beginning are a first index block of which a crash kept some: zeros are the others. */
export function isFirstBlockWithHoles(bytes: Buffer): boolean {
  const whole = Buffer.alloc(blockBytes);
  writeBlock(whole, 0, { segment: 0, sequence: 1, spine: 0, id: whole.subarray(32, 48) });
  const isKnown = (at: number) => at < 32 || (at >= 48 && at < blockBytes - 4); // not its id, nor its checksum
  return bytes.every((byte, at) => byte === 0 || !isKnown(at) || byte === whole[at]);
}

/** Writes a fragment's header in front of its payload, which is in its place already. */
export function writeFragmentHeader(to: Buffer, at: number, fragment: Fragment): void {
  to.writeUInt32LE(fragment.length, at + 4);
  to.writeDoubleLE(fragment.sequence, at + 8);
  to.writeDoubleLE(fragment.previous, at + 16);
  to.writeUInt32LE(fragment.count, at + 24);
  to.writeUInt8(fragment.kind, at + 28);
  to.writeUInt8((fragment.isFirst ? first : 0) + (fragment.isLast ? last : 0), at + 29);
  to.writeUInt16LE(0, at + 30);
  to.writeUInt32LE(crc32(to.subarray(at + 4, at + headerBytes + fragment.length)), at);
}

/** The length alone: the rest may be believed only when the checksum holds. */
export const fragmentLength = (bytes: Buffer) => bytes.readUInt32LE(4);

/** Reads a whole fragment; null where its checksum fails. */
export function readFragment(bytes: Buffer): Fragment | null {
  if (crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return null;
  const place = bytes.readUInt8(29);
  return {
    length: fragmentLength(bytes),
    sequence: bytes.readDoubleLE(8),
    previous: bytes.readDoubleLE(16),
    count: bytes.readUInt32LE(24),
    kind: bytes.readUInt8(28),
    isFirst: (place & first) !== 0,
    isLast: (place & last) !== 0,
  };
}

/**
 * Whether a fragment may begin with this header at this place, so that its checksum is worth computing: its length
 * keeps to the segment, and fills it where the chunk goes on; its numbers are such as are written.
 */
export function isPlausible(header: Buffer, offset: number): boolean {
  const length = fragmentLength(header);
  const room = roomAt(offset);
  if (length < 1 || length > room || header.readUInt16LE(30) !== 0) return false;
  const place = header.readUInt8(29);
  if (place > first + last || ((place & last) === 0 && length < room)) return false;
  const previous = header.readDoubleLE(16);
  return Number.isSafeInteger(header.readDoubleLE(8)) && previous >= 0 && previous < offset;
}

/** How many payload bytes a fragment at this offset can hold; less than 1 where the segment has to be filled up. */
export function roomAt(offset: number): number {
  return segmentBytes - (offset % segmentBytes) - headerBytes;
}

export function damaged(file: string, offset: number, what: string): string {
  return `${file}: damaged at byte ${offset}: ${what}; what stands before it can be read`;
}
