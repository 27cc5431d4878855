import type { RunEvent, RunStarted, StepTaken } from '../events.js';
import { parseExact } from '../exact-json.js';
import { type StepColumns, stepColumns } from '../step-columns.js';
import type { LogChunk, LogFile } from './log-file.js';
import { chunkKinds, isRare, type RareKind } from './log-format.js';

export type RareEvent = Exclude<RunEvent, StepTaken>;

/** One chunk of the log as events: `seq` is the number of the first. Steps stand in columns. */
export type LogEntry = StepsEntry | RareEntry;

export interface StepsEntry {
  readonly kind: 'steps';
  readonly seq: number;
  readonly steps: StepColumns;
}

export interface RareEntry {
  readonly kind: 'event';
  readonly seq: number;
  readonly event: RareEvent;
}

/** The events in a chunk; null where it holds none, or of a kind this version does not know. */
export function entryOf(chunk: LogChunk): LogEntry | null {
  if (chunk.kind === chunkKinds.steps) {
    return { kind: 'steps', seq: chunk.sequence, steps: stepColumns(chunk.payload.buffer, 0, chunk.count) };
  }
  if (!isRare(chunk.kind)) return null;
  const event = parseExact(Buffer.from(chunk.payload.buffer).toString()) as RareEvent;
  return { kind: 'event', seq: chunk.sequence, event };
}

/** The first event of a log, once it is written. */
export function runOf(file: LogFile): RunStarted | undefined {
  const chunk = file.chunkFrom(0);
  const entry = chunk === null ? null : entryOf(chunk);
  return entry?.kind === 'event' && entry.event.kind === 'run' ? entry.event : undefined;
}

/** The kind of chunk for an event, undefined where there is none of its kind. */
export function kindOf({ kind }: RareEvent): number | undefined {
  const number = Object.hasOwn(chunkKinds, kind) ? chunkKinds[kind as RareKind] : 0;
  return isRare(number) ? number : undefined;
}
