import type { LogFile } from './log-file.js';
import { fragmentLength, headerBytes, LogError, readFragment } from './log-format.js';
import { LogIndex } from './log-index.js';

/**
 * Everything up to the last whole event. What is behind it is what a crash left half-written, or garbage in
 * its place; whole fragments behind the first damage mean that the log is broken in its midst.
 *
 * @throws LogError where it is broken in its midst: going on would lose events
 */
export function endOfLog(file: LogFile): LogIndex {
  const index = LogIndex.of(file);
  try {
    index.advance(file);
  } catch (error) {
    if (!(error instanceof LogError) || anyFragmentFrom(file, index.position)) throw error;
  }
  return index;
}

function anyFragmentFrom(file: LogFile, offset: number): boolean {
  for (let at = offset; at < file.size(); ) {
    const bytes = file.restOfSegment(at);
    for (let i = 0; i + headerBytes < bytes.length; i++) {
      const length = fragmentLength(bytes.subarray(i, i + headerBytes));
      if (length < 1 || i + headerBytes + length > bytes.length) continue;
      if (readFragment(bytes.subarray(i, i + headerBytes + length)) !== null) return true;
    }
    at += bytes.length;
  }
  return false;
}
