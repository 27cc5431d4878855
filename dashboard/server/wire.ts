import { stringifyExact } from '../record/exact-json.js';
import type { LogEntry, RareEntry, StepsEntry } from '../record/log/index.js';
import { encodeSteps } from './binary-messages.js';
import type { Events } from './protocol.js';

/** One message for the socket, with the events `seq` … `end − 1` in it. */
export interface Wire {
  readonly seq: number;
  readonly end: number;
  readonly data: string | Uint8Array;
}

/** A message holds no more than this, so that no client's buffer jumps. */
const most = { events: 256, numbers: 6 * 2048 };

/** Turns entries of the log, often of a single step each, into messages of a good size. */
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
    let numbers = numbersIn(first);
    const entries = this.#more(first, (entry) => {
      if (entry.kind !== 'steps' || numbers + numbersIn(entry) > most.numbers) return false;
      numbers += numbersIn(entry);
      return true;
    });
    return stepsWire(entries as StepsEntry[]);
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

function stepsWire(entries: readonly StepsEntry[]): Wire {
  const { seq } = entries[0];
  const parts = entries.map(({ steps }) => steps);
  const count = parts.reduce((sum, { step }) => sum + step.length, 0);
  return { seq, end: seq + count, data: encodeSteps(seq, ...parts) };
}

const numbersIn = ({ steps }: StepsEntry) => 6 * steps.step.length + steps.own.values.length;
