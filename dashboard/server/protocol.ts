import { oneOf, wholeNumber } from '../../src/algebra/argument.js';
import { type AdjustableOption, adjustable } from '../record/adjustable.js';
import type { Controlled, RunEvent, RunStarted, SliceDirections } from '../record/events.js';
import { sliceDirections } from '../record/events.js';

/**
 * What the page and the server say to each other over the WebSocket at `socketPath`.
 *
 * Every event of a run has a sequence number, counted from 1 in the order of the log. A client opens with
 * `hello`, naming the run and the last number it has seen (0: nothing), and is answered by
 *
 * 1. `welcome`;
 * 2. what it has not seen: every event from `lastSeq + 1` on where that is little, else `skipped`, the rare
 *    events among those left out, and a binary summary of every series of every method;
 * 3. `caughtUp`, and from then on the tail of the log, as it grows.
 *
 * A client that reads slowly falls behind without cost to the run: it is sent what it missed when it can
 * take more, as under 2. One that drops off comes back with `hello` and the last number it has seen.
 *
 * Text messages are the JSON of exact-json.ts (which keeps NaN, ±∞ and −0). Binary messages carry columns: see
 * binary-messages.ts. A client sends text only. Whatever else it sends closes the socket with a reason.
 */
export const protocolVersion = 2;

/** Where the WebSocket lives, on the host and port of the page. */
export const socketPath = '/live';

export type ClientMessage = Hello | Control | Branch | Slice | SummaryRequest;

/** The first message of every client. */
export interface Hello {
  readonly kind: 'hello';
  /** The `run` of the run the client has seen part of. If the server shows another, `lastSeq` counts as 0. */
  readonly run?: string;
  readonly lastSeq: number;
}

/** Refused with `refused` where `welcome.control` is false. */
export type Control =
  | { readonly kind: 'control'; readonly action: Controlled['action'] }
  | ({ readonly kind: 'control'; readonly action: 'adjust' } & Adjustment);

/** An option of a method to be changed from its next step on. */
export interface Adjustment {
  readonly method: number;
  readonly option: AdjustableOption;
  readonly value: number;
}

/**
 * How the buttons of the page reach a run; `adjustment` is there for 'adjust'. A text that it returns, or a promise of
 * it brings, says why nothing was done.
 */
export type ControlListener = (action: Control['action'], adjustment?: Adjustment) => unknown;

/**
 * Begins a new run from the newest checkpoint of a method. Refused with `refused` where `welcome.branch` is not true;
 * else answered by `branched` or, where it cannot be done, `refused`.
 */
export interface Branch {
  readonly kind: 'branch';
  readonly method: number;
  /** Options of the method that are to be others; those that are not named stay. */
  readonly changes: Readonly<Record<string, OptionChange>>;
  /** The most steps, those before the checkpoint included. */
  readonly steps: number;
}

/**
 * Asks for the loss around the newest checkpoint of a method: it comes as an event of the run. Refused with `refused`
 * where `welcome.slice` is not true, or where it cannot be computed.
 */
export interface Slice {
  readonly kind: 'slice';
  readonly method: number;
  readonly along: SliceDirections;
}

/** Computes a slice and adds it to the record. */
export type SliceListener = (
  request: Pick<Slice, 'along'> & { readonly directory: string; readonly label: string },
) => Promise<void>;

/** A text is a word or, as in `cosine(from=0.1,steps=500)`, a word with options of its own. */
export type OptionChange = number | boolean | string;

/** What a new run is begun from: a method of the run in a folder, as it was asked for, with other options. */
export interface BranchRequest extends Pick<Branch, 'changes' | 'steps'> {
  readonly directory: string;
  readonly label: string;
  readonly asked: string;
}

/** Where the record of a new run lies, and the address of its own page, on which it can be acted on. */
export interface BranchMade {
  readonly directory: string;
  readonly url?: string;
}

/**
 * Begins it.
 *
 * @throws Error, by rejecting, that says why it cannot be done
 */
export type BranchListener = (request: BranchRequest) => Promise<BranchMade>;

/**
 * Asks for the steps `from` ≤ step < `to` of one series, in at most `buckets` + 1 buckets, which are whole:
 * the first may begin before `from`, the last end behind `to`.
 */
export interface SummaryRequest {
  readonly kind: 'summary';
  /** Comes back in the answer. */
  readonly id: number;
  readonly method: number;
  /** What every step measures, `seconds`, or a number of the method's own by its name. */
  readonly series: string;
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

/** Text messages of the server. */
export type ServerMessage = Welcome | Events | Skipped | CaughtUp | Status | Branched | Refused;

export interface Welcome {
  readonly kind: 'welcome';
  readonly protocol: typeof protocolVersion;
  /** Null where nothing has been written yet: the `run` event will follow as any other. */
  readonly run: RunStarted | null;
  /** The number after which the server goes on: `hello.lastSeq`, or 0 if the client has to forget what it has. */
  readonly lastSeq: number;
  /** The newest number in the log. */
  readonly seq: number;
  /** Whether the run still goes on. */
  readonly live: boolean;
  /** Whether `control` is heeded. */
  readonly control: boolean;
  /** Whether `branch` is heeded. */
  readonly branch?: boolean;
  /** Whether `slice` is heeded. */
  readonly slice?: boolean;
  /** What the run is called in the folder whose list is served, where one is. */
  readonly path?: string;
  /** The command that goes on with the run once it is stopped. */
  readonly resume?: string;
  /** The address to give to who may look and act on nothing. */
  readonly share?: string;
}

/** Events other than steps, in order. Steps come as binary messages (`binary-messages.ts`). */
export interface Events {
  readonly kind: 'events';
  readonly events: readonly { readonly seq: number; readonly event: RunEvent }[];
}

/**
 * The steps among the events `from` … `to` are not sent one by one: the summary messages that follow stand
 * for them; they may hold some of the steps that follow. A `summary` request over few steps fetches single ones.
 */
export interface Skipped {
  readonly kind: 'skipped';
  readonly from: number;
  readonly to: number;
}

/** Everything up to `seq` has been sent. */
export interface CaughtUp {
  readonly kind: 'caughtUp';
  readonly seq: number;
}

/** Sent when it changes: whether the run goes on, and what is wrong with its log, if anything. */
export interface Status {
  readonly kind: 'status';
  readonly live: boolean;
  readonly fault?: string;
}

/** A new run has begun. */
export interface Branched extends BranchMade {
  readonly kind: 'branched';
  /** What it is called in the folder whose list is served, where it lies there. */
  readonly path?: string;
}

export interface Refused {
  readonly kind: 'refused';
  readonly message: string;
}

/** Codes with which the server closes a socket; the reason is a sentence. */
export const closeCodes = {
  goingAway: 1001,
  malformed: 1007,
  policy: 1008,
  tooSlow: 1013,
} as const;

/**
 * Checks what a client sent, already parsed.
 *
 * @throws TypeError or RangeError naming the field
 */
export function clientMessage(value: unknown): ClientMessage {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new TypeError('message: expected an object with a kind');
  }
  const message = value as Record<string, unknown>;
  const kind = oneOf('message', 'kind', message.kind, ['hello', 'control', 'branch', 'slice', 'summary']);
  const whole = (field: string) => wholeNumber(kind, field, message[field], '[0, 9007199254740991]');
  switch (kind) {
    case 'hello': {
      const run = message.run === undefined ? undefined : text(kind, 'run', message.run);
      return { kind, run, lastSeq: whole('lastSeq') };
    }
    case 'control': {
      const actions = ['pause', 'resume', 'step', 'stop', 'checkpoint', 'adjust'] as const;
      const action = oneOf(kind, 'action', message.action, actions);
      if (action !== 'adjust') return { kind, action };
      const { value } = message;
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw new TypeError(`${kind}(value): expected a finite number`);
      }
      const method = wholeNumber(kind, 'method', message.method, '[0, 65535]');
      return { kind, action, method, option: oneOf(kind, 'option', message.option, adjustable), value };
    }
    case 'branch':
      return {
        kind,
        method: wholeNumber(kind, 'method', message.method, '[0, 65535]'),
        changes: changes(kind, message.changes),
        steps: wholeNumber(kind, 'steps', message.steps, '[1, 9007199254740991]'),
      };
    case 'slice':
      return {
        kind,
        method: wholeNumber(kind, 'method', message.method, '[0, 65535]'),
        along: oneOf(kind, 'along', message.along, sliceDirections),
      };
    case 'summary':
      return {
        kind,
        id: whole('id'),
        method: wholeNumber(kind, 'method', message.method, '[0, 65535]'),
        series: text(kind, 'series', message.series),
        from: whole('from'),
        to: whole('to'),
        buckets: wholeNumber(kind, 'buckets', message.buckets, '[1, 10000]'),
      };
  }
}

function text(kind: string, field: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${kind}(${field}): expected a string`);
  return value;
}

const mostChanges = 100;

/** A word, as the names of options and of their values are: nothing that a command line could take for more. */
const isWord = (value: unknown) => typeof value === 'string' && /^[A-Za-z_]\w{0,99}$/.test(value);

/** A schedule or a search with its options, of nothing but words, numbers and what stands between them. */
const isCall = (value: unknown) =>
  typeof value === 'string' && /^[A-Za-z_]\w{0,99}\([\w.=,()+-]{0,300}\)$/.test(value);

function changes(kind: string, value: unknown): Branch['changes'] {
  const isRecord = value !== null && typeof value === 'object' && !Array.isArray(value);
  const entries = isRecord ? Object.entries(value) : [];
  const right = ([name, one]: [string, unknown]) =>
    isWord(name) && (Number.isFinite(one) || typeof one === 'boolean' || isWord(one) || isCall(one));
  if (!isRecord || entries.length > mostChanges || !entries.every(right)) {
    throw new TypeError(`${kind}(changes): expected options with numbers, true, false, words or calls`);
  }
  return Object.fromEntries(entries);
}
