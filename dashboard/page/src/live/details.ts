import type { Summary } from '../../../record/summary.js';
import type { SummaryMessage } from '../../../server/binary-messages.js';
import type { ClientMessage } from '../../../server/protocol.js';

/** The summaries of a method's series by name. */
export type Parts = Readonly<Record<string, Summary>>;

/** Steps `from` ≤ step < `to` of a method. */
export interface Stretch {
  readonly method: number;
  readonly from: number;
  readonly to: number;
}

/** Buckets asked for: two a pixel of a wide chart, so that fewer steps come one by one. */
const buckets = 4000;

/** Asks the server for a closer look at stretches that are known by coarse summaries only. */
export class Details {
  readonly #send: (message: ClientMessage) => void;
  readonly #series: (method: number) => readonly string[];
  readonly #arrived: (method: number, parts: Parts) => void;
  #lastId = 0;
  /** Answers to what was asked before `ask` are no longer wanted. */
  #firstWanted = 1;
  readonly #parts: Collected;

  constructor(
    send: (message: ClientMessage) => void,
    series: (method: number) => readonly string[],
    arrived: (method: number, parts: Parts) => void,
  ) {
    this.#send = send;
    this.#series = series;
    this.#parts = new Collected(series);
    this.#arrived = arrived;
  }

  /** Asks for these stretches in place of any asked for before. */
  ask(stretches: readonly Stretch[]): void {
    this.#firstWanted = this.#lastId + 1;
    this.#parts.clear();
    for (const stretch of stretches) {
      for (const name of this.#series(stretch.method)) {
        this.#send({ kind: 'summary', id: ++this.#lastId, series: name, buckets, ...stretch });
      }
    }
  }

  receive(message: SummaryMessage): void {
    if (message.id < this.#firstWanted) return;
    const parts = this.#parts.take(message);
    if (parts !== undefined) this.#arrived(message.method, parts);
  }
}

/** Summaries come a series at a time; they are worth something when all of a method are there. */
export class Collected {
  readonly #series: (method: number) => readonly string[];
  readonly #parts = new Map<number, Record<string, Summary>>();

  /** `series` says which a method has. */
  constructor(series: (method: number) => readonly string[]) {
    this.#series = series;
  }

  /** Takes in one; returns all of its method's when it was the last. */
  take({ method, series, ...summary }: SummaryMessage): Parts | undefined {
    const parts = this.#parts.get(method) ?? {};
    this.#parts.set(method, parts);
    parts[series] = summary;
    if (!this.#series(method).every((name) => parts[name] !== undefined)) return undefined;
    this.#parts.delete(method);
    return parts;
  }

  clear(): void {
    this.#parts.clear();
  }
}
