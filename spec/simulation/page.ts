import { RunRecord } from '../../dashboard/page/src/data/run-record.js';
import { Feed } from '../../dashboard/page/src/live/feed.js';
import type { RunEvent } from '../../dashboard/record/events.js';
import { parseExact } from '../../dashboard/record/exact-json.js';
import { ownMeasures } from '../../dashboard/record/measures.js';
import { type StepColumns, stepAt } from '../../dashboard/record/step-columns.js';
import { decodeMessage } from '../../dashboard/server/binary-messages.js';
import type { ServerMessage } from '../../dashboard/server/protocol.js';

/** What a page draws from, and the events that it was filled with, in order. */
class HeldRecord extends RunRecord {
  readonly held: RunEvent[] = [];

  override apply(event: RunEvent): void {
    this.held.push(event);
    super.apply(event);
  }

  override takeSteps(columns: StepColumns): void {
    const names = this.started?.methods.map((method) => ownMeasures(method, 'number')) ?? [];
    for (let i = 0; i < columns.method.length; i++) {
      this.held.push(stepAt(columns, i, names[columns.method[i]]));
    }
    super.takeSteps(columns);
  }

  override clear(): void {
    this.held.length = 0;
    super.clear();
  }
}

/** A page of ours, without a screen: what it holds of a run over all its connections. */
export class Page {
  readonly #record = new HeldRecord();
  readonly feed = new Feed(this.#record, ({ caughtUp }) => {
    this.isCaughtUp = caughtUp;
  });
  isCaughtUp = false;
  /** What the server had not to send. */
  readonly faults: string[] = [];
  /** The number of the newest event that was sent. */
  #sent = 0;
  /** What lets it in; the address that a person opens is exchanged for it. */
  cookie: string | undefined;

  /** The events it holds, first to last. */
  get held(): readonly RunEvent[] {
    return this.#record.held;
  }

  receive(data: string | ArrayBuffer): void {
    const before = this.#count(data);
    this.feed.receive(data);
    if (before !== undefined) this.#record.held.length = before; // the run that it greets with is no event
  }

  /**
   * A page passes over what it has already: that nothing is sent twice has to be looked at here. Of a welcome, how many
   * events it leaves.
   */
  #count(data: string | ArrayBuffer): number | undefined {
    if (typeof data !== 'string') {
      const message = decodeMessage(data);
      if (message.kind === 'steps') this.#take(message.seq, message.steps.method.length);
      return undefined;
    }
    const message = parseExact(data) as ServerMessage;
    if (message.kind === 'welcome') {
      const { lastSeq } = message;
      if (lastSeq !== 0 && lastSeq !== this.feed.lastSeq)
        this.faults.push(`${lastSeq} was taken for the newest, not ${this.feed.lastSeq}`);
      this.#sent = lastSeq;
      return lastSeq;
    }
    if (message.kind === 'events') {
      for (const { seq } of message.events) this.#take(seq, 1);
    }
    return undefined;
  }

  #take(seq: number, count: number): void {
    if (seq !== this.#sent + 1) this.faults.push(`event ${seq} came after event ${this.#sent}`);
    this.#sent = seq + count - 1;
  }
}
