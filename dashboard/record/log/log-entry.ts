import type { RunEvent, RunStarted, StepTaken } from '../events.js';
import { parseExact } from '../exact-json.js';
import { type StepColumns, stepColumns } from '../step-columns.js';
import type { LogFile, LogFrame } from './log-file.js';
import { frameKinds, isRare, type RareKind } from './log-format.js';

export type RareEvent = Exclude<RunEvent, StepTaken>;

/** One frame of the log as events: `seq` is the number of the first. Steps stand in columns. */
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

/** The events in a frame; null where it holds none, or of a kind this version does not know. */
export function entryOf(frame: LogFrame): LogEntry | null {
  if (frame.kind === frameKinds.steps) {
    return { kind: 'steps', seq: frame.sequence, steps: stepColumns(frame.payload.buffer, 0, frame.count) };
  }
  if (!isRare(frame.kind)) return null;
  const event = parseExact(Buffer.from(frame.payload.buffer).toString()) as RareEvent;
  return { kind: 'event', seq: frame.sequence, event };
}

/** The first event of a log, once it is written. */
export function runOf(file: LogFile): RunStarted | undefined {
  const frame = file.frameFrom(0);
  const entry = frame === null ? null : entryOf(frame);
  return entry?.kind === 'event' && entry.event.kind === 'run' ? entry.event : undefined;
}

/** The kind of frame for an event, undefined where there is none of its kind. */
export function kindOf({ kind }: RareEvent): number | undefined {
  const number = Object.hasOwn(frameKinds, kind) ? frameKinds[kind as RareKind] : 0;
  return isRare(number) ? number : undefined;
}
