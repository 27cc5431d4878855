import { type Series, series } from '../../../record/step-columns.js';
import type { Summary } from '../../../record/summary.js';
import type { SummaryFrame } from '../../../server/frames.js';
import type { ClientMessage } from '../../../server/protocol.js';

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
  readonly #arrived: (method: number, parts: Record<Series, Summary>) => void;
  #lastId = 0;
  /** Answers to what was asked before `ask` are no longer wanted. */
  #firstWanted = 1;
  readonly #parts = new Map<number, Partial<Record<Series, Summary>>>();

  constructor(
    send: (message: ClientMessage) => void,
    arrived: (method: number, parts: Record<Series, Summary>) => void,
  ) {
    this.#send = send;
    this.#arrived = arrived;
  }

  /** Asks for these stretches in place of any asked for before. */
  ask(stretches: readonly Stretch[]): void {
    this.#firstWanted = this.#lastId + 1;
    this.#parts.clear();
    for (const stretch of stretches) {
      for (const name of series) {
        this.#send({ kind: 'summary', id: ++this.#lastId, series: name, buckets, ...stretch });
      }
    }
  }

  receive({ id, method, series: name, ...summary }: SummaryFrame): void {
    if (id < this.#firstWanted) return;
    const parts = this.#parts.get(method) ?? {};
    this.#parts.set(method, parts);
    parts[name] = summary;
    if (complete(parts)) this.#arrived(method, parts);
  }
}

/** Whether the summaries of all series of a method are there. */
export function complete(parts: Partial<Record<Series, Summary>>): parts is Record<Series, Summary> {
  return series.every((name) => parts[name] !== undefined);
}
