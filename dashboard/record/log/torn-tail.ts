import { fragmentLength, headerBytes, isPlausible, readFragment } from './log-format.js';

interface Bytes {
  size(): number;
  /** Those from here to the end of the segment, or of the file. */
  restOfSegment(offset: number): Buffer;
}

/**
 * Whether a whole fragment stands anywhere behind a byte at which none can be read.
 *
 * A crash leaves nothing whole behind what it tore. Where something is, what stands before it is damaged, its length
 * perhaps, and the log may not be cut there: events would be lost.
 */
export function anyFragmentBehind(file: Bytes, offset: number): boolean {
  for (let at = offset + 1; at < file.size(); ) {
    const bytes = file.restOfSegment(at);
    if (bytes.length === 0) return false;
    for (let i = 0; i + headerBytes < bytes.length; i++) {
      const header = bytes.subarray(i, i + headerBytes);
      if (!isPlausible(header, at + i)) continue;
      const end = i + headerBytes + fragmentLength(header);
      if (end <= bytes.length && readFragment(bytes.subarray(i, end)) !== null) return true;
    }
    at += bytes.length;
  }
  return false;
}
