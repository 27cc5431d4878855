import { stringifyExact } from '../record/exact-json.js';
import type { LogEntry, RareEntry, StepsEntry } from '../record/log/index.js';
import { bytesPerStep, type StepColumns, stepColumns } from '../record/step-columns.js';
import { encodeSteps } from './frames.js';
import type { Events } from './protocol.js';

/** One frame for the socket, with the events `seq` … `end − 1` in it. */
export interface Wire {
  readonly seq: number;
  readonly end: number;
  readonly data: string | Uint8Array;
}

/** A frame holds no more than this, so that no client's buffer jumps. */
const most = { events: 256, steps: 2048 };

/** Turns entries of the log, often of a single step each, into frames of a good size. */
export class Batches {
  readonly #next: () => LogEntry | null;
  #ahead: LogEntry | null = null;

  constructor(next: () => LogEntry | null) {
    this.#next = next;
  }

  next(): Wire | null {
    const first = this.#ahead ?? this.#next();
    this.#ahead = null;
    if (first === null) return null;
    if (first.kind === 'event') {
      const entries = this.#more(first, (entry, count) => entry.kind === 'event' && count < most.events);
      return eventsWire(entries as RareEntry[]);
    }
    let steps = first.steps.method.length;
    const entries = this.#more(first, (entry) => {
      if (entry.kind !== 'steps' || steps + entry.steps.method.length > most.steps) return false;
      steps += entry.steps.method.length;
      return true;
    });
    return stepsWire(entries as StepsEntry[], steps);
  }

  #more(first: LogEntry, fits: (entry: LogEntry, count: number) => boolean): LogEntry[] {
    const entries = [first];
    for (;;) {
      const entry = this.#next();
      if (entry === null) return entries;
      if (!fits(entry, entries.length)) {
        this.#ahead = entry;
        return entries;
      }
      entries.push(entry);
    }
  }
}

export function eventsWire(entries: readonly RareEntry[]): Wire {
  const message: Events = { kind: 'events', events: entries.map(({ seq, event }) => ({ seq, event })) };
  return { seq: entries[0].seq, end: entries.at(-1)!.seq + 1, data: stringifyExact(message) };
}

function stepsWire(entries: readonly StepsEntry[], count: number): Wire {
  const { seq } = entries[0];
  return {
    seq,
    end: seq + count,
    data: encodeSteps(seq, entries.length > 1 ? joined(entries, count) : entries[0].steps),
  };
}

function joined(entries: readonly StepsEntry[], count: number): StepColumns {
  const all = stepColumns(new ArrayBuffer(bytesPerStep * count), 0, count);
  let at = 0;
  for (const { steps } of entries) {
    for (const name of Object.keys(steps) as (keyof StepColumns)[]) all[name].set(steps[name], at);
    at += steps.method.length;
  }
  return all;
}
