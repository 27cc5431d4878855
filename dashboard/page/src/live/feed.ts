import { parseExact, stringifyExact } from '../../../record/exact-json.js';
import {
  decodeMessage,
  type StepsMessage,
  type SummaryMessage,
  unasked,
} from '../../../server/binary-messages.js';
import {
  type Branched,
  type ClientMessage,
  protocolVersion,
  type ServerMessage,
} from '../../../server/protocol.js';
import type { RunRecord } from '../data/run-record.js';
import { Collected } from './details.js';

/** What the server tells besides the log itself. */
export interface Standing {
  /** Whether the run still goes on, and heeds control. */
  readonly live: boolean;
  readonly control: boolean;
  /** The command that goes on with the run once it is stopped. */
  readonly resume?: string;
  /** Whether a run can be begun from a checkpoint of this one. */
  readonly branch?: boolean;
  /** Whether the loss around a checkpoint can be asked for. */
  readonly slice?: boolean;
  /** What the run is called in the list of runs, where there is one. */
  readonly path?: string;
  /** The run that was begun last from this one. */
  readonly branched?: Omit<Branched, 'kind'>;
  /** The address to give to who may look and act on nothing. */
  readonly share?: string;
  /** All that is written so far has arrived. */
  readonly caughtUp: boolean;
  /** What is wrong or was refused, in a sentence. */
  readonly notice: string;
}

/** Fills the record from what the server sends, and knows up to where the log has been read. */
export class Feed {
  readonly #record: RunRecord;
  readonly #changed: (standing: Standing) => void;
  readonly #answered: (summary: SummaryMessage) => void;
  #standing: Standing = { live: false, control: false, caughtUp: false, notice: '' };
  #lastSeq = 0;
  /** The end of a stretch whose summaries are still arriving: only then does it count as read. */
  #skippedTo = 0;
  readonly #summaries: Collected;

  /** `answered` gets the summaries that were asked for. */
  constructor(
    record: RunRecord,
    changed: (standing: Standing) => void,
    answered: (summary: SummaryMessage) => void = () => {},
  ) {
    this.#record = record;
    this.#summaries = new Collected((method) => record.series(method));
    this.#changed = changed;
    this.#answered = answered;
  }

  /** The newest event that has been taken in, with all before it. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** What to say when a connection opens: go on after the last event seen. */
  hello(): string {
    this.#skippedTo = 0;
    this.#summaries.clear();
    this.#stand({ caughtUp: false });
    return message({ kind: 'hello', run: this.#record.started?.run, lastSeq: this.#lastSeq });
  }

  /** Something else is asked for: what was refused before need not be told any more. */
  asking(): void {
    if (this.#standing.notice !== '') this.#stand({ notice: '' });
  }

  /**
   * @throws SyntaxError, TypeError or RangeError on what is no message of the server, or one of another version
   */
  receive(data: string | ArrayBuffer): void {
    if (typeof data === 'string') this.#text(parseExact(data) as ServerMessage);
    else {
      const message = decodeMessage(data);
      if (message.kind === 'steps') this.#steps(message);
      else if (message.id === unasked) this.#summary(message);
      else this.#answered(message);
    }
    this.#changed(this.#standing);
  }

  #text(message: ServerMessage): void {
    switch (message.kind) {
      case 'welcome':
        if (message.protocol !== protocolVersion) {
          throw new TypeError(`protocol: expected version ${protocolVersion}, got ${message.protocol}`);
        }
        if (message.lastSeq !== this.#lastSeq) this.#record.clear();
        this.#lastSeq = message.lastSeq;
        if (message.run && !this.#record.started) this.#record.apply(message.run);
        this.#stand({
          live: message.live,
          control: message.control,
          resume: message.resume,
          share: message.share,
          branch: message.branch,
          slice: message.slice,
          path: message.path,
          notice: '',
        });
        break;
      case 'events':
        for (const { seq, event } of message.events) {
          if (seq <= this.#lastSeq) continue;
          this.#record.apply(event);
          this.#readTo(seq);
        }
        break;
      case 'skipped':
        this.#skippedTo = message.to;
        break;
      case 'caughtUp':
        this.#skippedTo = 0;
        this.#readTo(message.seq);
        this.#stand({ caughtUp: true });
        break;
      case 'status':
        this.#stand({ live: message.live, notice: message.fault ?? '' });
        break;
      case 'branched':
        this.#stand({ branched: message });
        break;
      case 'refused':
        this.#stand({ notice: message.message });
        break;
    }
  }

  #steps({ seq, steps }: StepsMessage): void {
    const last = seq + steps.method.length - 1;
    if (last <= this.#lastSeq) return;
    this.#record.takeSteps(steps);
    this.#readTo(last);
  }

  #summary(message: SummaryMessage): void {
    const parts = this.#summaries.take(message);
    if (parts !== undefined) this.#record.methods[message.method]?.summaries(parts);
  }

  #readTo(seq: number): void {
    if (seq > this.#skippedTo) this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  #stand(news: Partial<Standing>): void {
    this.#standing = { ...this.#standing, ...news };
    this.#changed(this.#standing);
  }
}

/** A message as it goes over the wire. */
export function message(content: ClientMessage): string {
  return stringifyExact(content);
}
