import { type Environment, realEnvironment } from '../../../streams/environment.js';
import type { Disk } from '../disk/disk.js';
import type { RunEvent } from '../events.js';
import { ownMeasures } from '../measures.js';
import { stepAt } from '../step-columns.js';
import { LogCursor } from './log-cursor.js';
import { type LogEntry, runOf } from './log-entry.js';
import { LogFile } from './log-file.js';

export interface NumberedEvent {
  readonly seq: number;
  readonly event: RunEvent;
}

export interface ReadOptions {
  /** The number of the first event wanted, default 1. */
  from?: number;
  /** Default: the file system. */
  disk?: Disk;
}

/**
 * The events of a log in order, from any number on, as far as they are whole. Kinds this version does not
 * know are left out. Returns how many bytes behind the last event belong to none.
 *
 * @throws LogError where there is no log, none that this version reads, or at the place of a damage
 * @example for (const { seq, event } of readLog('runs/2026-01-01-rosenbrock')) console.log(seq, event.kind);
 */
export function* readLog(
  directory: string,
  { from = 1, disk }: ReadOptions = {},
): Generator<NumberedEvent, number> {
  const file = new LogFile(directory, disk);
  try {
    const cursor = new LogCursor(file, from);
    for (let entry = cursor.next(); entry !== null; entry = cursor.next()) yield* events(entry, file);
    return file.size() - cursor.position;
  } finally {
    file.close();
  }
}

/** How often the tail of a growing log is looked at. */
const pollMilliseconds = 100;

/**
 * As {@link readLog}, but goes on with what is written later, until `signal` is aborted.
 *
 * @example for await (const { event } of followLog(directory, { signal })) console.log(event.kind);
 */
export async function* followLog(
  directory: string,
  {
    from = 1,
    disk,
    signal,
    environment = realEnvironment,
  }: ReadOptions & { signal: AbortSignal; environment?: Environment },
): AsyncGenerator<NumberedEvent, void> {
  const file = new LogFile(directory, disk);
  try {
    const cursor = new LogCursor(file, from);
    while (!signal.aborted) {
      const entry = cursor.next();
      if (entry !== null) yield* events(entry, file);
      else {
        await waited(pollMilliseconds, signal, environment);
        file.refresh();
      }
    }
  } finally {
    file.close();
  }
}

/** Resolves after so many milliseconds, or when `signal` is aborted. */
function waited(milliseconds: number, signal: AbortSignal, environment: Environment): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      callOff();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const callOff = environment.timer(milliseconds, end);
    signal.addEventListener('abort', end);
  });
}

function* events({ seq, ...entry }: LogEntry, file: LogFile): Generator<NumberedEvent, void> {
  if (entry.kind === 'event') {
    yield { seq, event: entry.event };
    return;
  }
  const { steps } = entry;
  const run = steps.own.values.length > 0 ? runOf(file) : undefined;
  const names = run?.methods.map((method) => ownMeasures(method, 'number')) ?? [];
  for (let i = 0; i < steps.method.length; i++) {
    yield { seq: seq + i, event: stepAt(steps, i, names[steps.method[i]]) };
  }
}
