import type { WebSocket } from 'ws';
import { parseExact, stringifyExact } from '../record/exact-json.js';
import { LogError } from '../record/log/index.js';
import { encodeSummary } from './binary-messages.js';
import type { LogTail } from './log-tail.js';
import { overview } from './overview.js';
import {
  type Branch,
  type BranchListener,
  type ClientMessage,
  type Control,
  type ControlListener,
  clientMessage,
  closeCodes,
  type Hello,
  protocolVersion,
  type ServerMessage,
  type Slice,
  type SliceListener,
  type SummaryRequest,
} from './protocol.js';
import type { Turns, Work } from './turns.js';
import { Batches, type Wire } from './wire.js';

/** Bytes that wait for a client. */
export interface Backlog {
  /** From so many on it is sent nothing more. */
  readonly full: number;
  /** Beyond so many it is closed. */
  readonly tooMuch: number;
}

const usualBacklog: Backlog = { full: 1 << 20, tooMuch: 1 << 23 };
/** A client that lacks more events than this is sent summaries in their place. */
const mostMissed = 100_000;
const mostMessagesASecond = 1000;
/** Messages that have come and are not answered. */
const mostWaiting = 1000;
const usualGreeting = 10_000;

/** What a client may do besides look, and is told of. */
export interface ClientPowers {
  readonly control?: ControlListener;
  readonly branch?: BranchListener;
  readonly slice?: SliceListener;
  /** What a folder is called in the list that is served; undefined where it is not in it. */
  readonly pathOf?: (directory: string) => string | undefined;
  readonly resume?: string;
  /** The address to give to who may look and act on nothing. */
  readonly share?: string;
  /** How long it may be silent before its first word. */
  readonly greetingMilliseconds?: number;
  readonly backlog?: Backlog;
}

interface Received {
  readonly text: string;
  readonly isBinary: boolean;
}

/**
 * One reader of the run. It has its own place in the log and is sent what it can take, so that one that is
 * slow costs a bounded amount of memory, and misses nothing when it reads on. What it asks for is counted when it
 * comes, and answered by turns.
 */
export class Client implements Work {
  readonly #socket: WebSocket;
  readonly #tail: LogTail;
  readonly #turns: Pick<Turns, 'add' | 'remove'>;
  readonly #powers: ClientPowers;
  readonly #backlog: Backlog;
  /** The number of the next event to send; 0 before `hello`. */
  #next = 0;
  /** What stands for events that are not sent one by one, while it is being sent. */
  #overview: Iterator<Wire['data'] | null, void> | undefined;
  /** Reads what is no longer among the newest messages. */
  #past: Batches | undefined;
  #caughtUp = false;
  /** The newest event when it came, or when it was last sent summaries: with that it has caught up. */
  #goal = 0;
  /** What it said and nobody has read yet. */
  readonly #received: Received[] = [];
  readonly #requests: SummaryRequest[] = [];
  #second = 0;
  #messages = 0;
  /** Whether it has answered since the last ping. */
  #answered = true;
  readonly #callOffGreeting: () => void;

  constructor(
    socket: WebSocket,
    tail: LogTail,
    turns: Pick<Turns, 'add' | 'remove'>,
    powers: ClientPowers = {},
  ) {
    const { greetingMilliseconds: greeting = usualGreeting, backlog = usualBacklog } = powers;
    this.#backlog = backlog;
    this.#socket = socket;
    this.#tail = tail;
    this.#turns = turns;
    const { environment } = tail;
    const refuse = () => {
      if (this.#received.length > 0) return; // it has spoken, and is heard when its turn comes
      // The thread may have stood still while hello was on its way: a page that meant well tries again.
      this.close(closeCodes.tooSlow, `expected hello within ${greeting / 1000} s`);
      environment.timer(1000, () => socket.terminate(), true); // it may not answer that either
    };
    this.#callOffGreeting = environment.timer(greeting, refuse, true);
    socket.on('close', () => {
      this.#callOffGreeting();
      turns.remove(this);
    });
    this.#powers = powers;
    socket.on('pong', () => {
      this.#answered = true;
    });
    socket.on('error', () => undefined); // the socket closes itself and says why: oversized or broken frames
    socket.on('message', (data, isBinary) => this.#receive(data.toString(), isBinary));
  }

  /** Sends what there is to send, by turns. */
  pump(): void {
    if (this.#next > 0) this.#turns.add(this);
  }

  /** Reads one message, or sends one, where there is one and the client takes it. */
  turn(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    const received = this.#received.shift();
    if (received !== undefined) {
      this.#read(received);
      return true;
    }
    if (this.#next === 0) return false;
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount > this.#backlog.tooMuch) {
      this.close(
        closeCodes.tooSlow,
        `reads too slowly: ${this.#backlog.tooMuch / (1 << 20)} MiB wait for it`,
      );
      this.#socket.terminate(); // it would not read the closing frame either
    }
    if (bufferedAmount >= this.#backlog.full) return false;
    try {
      const data = this.#take();
      if (data === null) return false;
      if (data !== 'later') this.#socket.send(data, this.#sent);
      return true;
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      this.#overview = undefined;
      this.#past = undefined;
      this.#next = this.#tail.reader.seq + 1; // nothing behind a damage can be read
      this.say({ kind: 'status', live: this.#tail.live, fault: error.message });
      return true;
    }
  }

  say(message: ServerMessage): void {
    if (this.#socket.bufferedAmount <= this.#backlog.tooMuch) this.#socket.send(stringifyExact(message));
  }

  /** Asks for a sign of life, and gives up on one that has not answered the last time. */
  ping(): void {
    if (!this.#answered) this.#socket.terminate();
    else {
      this.#answered = false;
      this.#socket.ping();
    }
  }

  close(code: number, reason: string): void {
    this.#socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 123)
        .toString()
        .replace(/\uFFFD+$/, ''),
    );
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Goes on when some of what waits has gone out. */
  readonly #sent = (): void => {
    if (this.#socket.bufferedAmount < this.#backlog.full / 2) this.pump();
  };

  /** The next message to send, null if there is none; 'later' where more has to be read for it. */
  #take(): Wire['data'] | 'later' | null {
    const request = this.#requests.shift();
    if (request !== undefined) {
      const { id, method, series, from, to, buckets } = request;
      const summary = this.#tail.reader.summary(method, series, from, to, buckets);
      return encodeSummary(id, method, series, summary);
    }
    const part = this.#overview?.next();
    if (part !== undefined && part.done !== true) return part.value ?? 'later';
    this.#overview = undefined;

    const { reader } = this.#tail;
    if (reader.seq - this.#next >= mostMissed) {
      this.#overview = overview(reader, this.#next, reader.seq);
      this.#next = reader.seq + 1;
      this.#past = undefined;
      this.#caughtUp = false;
      this.#goal = reader.seq;
      return this.#take();
    }
    // A fast run always has more to send: whoever has seen what there was need not wait for its end.
    if (!this.#caughtUp && this.#next > this.#goal) {
      this.#caughtUp = true;
      return stringifyExact({ kind: 'caughtUp', seq: this.#next - 1 });
    }
    const wire = this.#tail.recent(this.#next);
    if (wire !== undefined) {
      this.#past = undefined;
      this.#next = wire.end;
      return wire.data;
    }
    if (this.#next <= reader.seq) {
      this.#past ??= new Batches(reader.cursor(this.#next));
      const past = this.#past.next();
      if (past !== null) {
        this.#next = past.end;
        return past.data;
      }
      this.#next = reader.seq + 1; // the rest are events this version does not know
    }
    return null;
  }

  /** Counts a message when it comes, and no more: it is read when its turn has come. */
  #receive(text: string, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return; // it is being closed
    const second = Math.floor(this.#tail.environment.now() / 1000);
    this.#messages = second === this.#second ? this.#messages + 1 : 1;
    this.#second = second;
    if (this.#messages > mostMessagesASecond) {
      this.close(closeCodes.policy, `more than ${mostMessagesASecond} messages in a second`);
    } else if (this.#received.length + this.#requests.length >= mostWaiting) {
      this.close(closeCodes.policy, `more than ${mostWaiting} messages wait for an answer`);
    } else {
      this.#received.push({ text, isBinary });
      this.#turns.add(this);
    }
  }

  #read({ text, isBinary }: Received): void {
    let message: ClientMessage;
    try {
      if (isBinary) throw new TypeError('message: expected text');
      message = clientMessage(parseExact(text));
    } catch (error) {
      this.close(closeCodes.malformed, (error as Error).message);
      return;
    }
    if (message.kind === 'hello') this.#greet(message);
    else if (this.#next === 0) this.close(closeCodes.policy, 'expected hello first');
    else if (message.kind === 'control') this.#act(message);
    else if (message.kind === 'branch') void this.#branch(message);
    else if (message.kind === 'slice') void this.#slice(message);
    else this.#ask(message);
  }

  #greet({ run, lastSeq }: Hello): void {
    this.#callOffGreeting();
    const { reader, live } = this.#tail;
    const known = lastSeq <= reader.seq && (run === undefined || run === reader.run?.run);
    this.#next = known ? lastSeq + 1 : 1;
    this.#overview = undefined;
    this.#past = undefined;
    this.#caughtUp = false;
    this.#goal = reader.seq;
    const path = this.#powers.pathOf?.(this.#tail.directory);
    this.say({
      kind: 'welcome',
      protocol: protocolVersion,
      run: reader.run ?? null,
      lastSeq: this.#next - 1,
      seq: reader.seq,
      live,
      control: this.#powers.control !== undefined,
      ...(this.#powers.branch !== undefined && { branch: true }),
      ...(this.#powers.slice !== undefined && { slice: true }),
      ...(path !== undefined && { path }),
      ...(this.#powers.resume !== undefined && { resume: this.#powers.resume }),
      ...(this.#powers.share !== undefined && { share: this.#powers.share }),
    });
    const { fault } = this.#tail;
    if (fault !== undefined) this.say({ kind: 'status', live, fault });
  }

  #act(message: Control): void {
    const { control } = this.#powers;
    if (control === undefined) {
      this.#refuse('This run is only watched: it cannot be controlled from here.');
      return;
    }
    const asked = message.action === 'adjust' ? control('adjust', message) : control(message.action);
    if (asked instanceof Promise) void asked.then((why) => this.#refuse(why));
    else this.#refuse(asked);
  }

  /** Tells why nothing was done, where that is so. */
  #refuse(why: unknown): void {
    if (typeof why === 'string') this.say({ kind: 'refused', message: why });
  }

  async #branch({ method, changes, steps }: Branch): Promise<void> {
    const { branch, pathOf } = this.#powers;
    const { directory, reader } = this.#tail;
    const { label, asked } = reader.run?.methods[method] ?? {};
    if (branch === undefined || label === undefined || asked === undefined) {
      this.#refuse('No run can be begun from this one here.');
      return;
    }
    try {
      const made = await branch({ directory, label, asked, changes, steps });
      const path = pathOf?.(made.directory);
      this.say({ kind: 'branched', ...made, ...(path !== undefined && { path }) });
    } catch (error) {
      this.#refuse((error as Error).message);
    }
  }

  async #slice({ method, along }: Slice): Promise<void> {
    const { slice } = this.#powers;
    const { directory, reader } = this.#tail;
    const { label } = reader.run?.methods[method] ?? {};
    if (slice === undefined || label === undefined) {
      this.#refuse('No slice can be computed here.');
      return;
    }
    try {
      await slice({ directory, label, along });
    } catch (error) {
      this.#refuse((error as Error).message);
    }
  }

  #ask(request: SummaryRequest): void {
    const { method, series } = request;
    if (!this.#tail.reader.series(method).includes(series)) {
      this.close(closeCodes.malformed, `summary(series): method ${method} has no '${series}'`);
      return;
    }
    this.#requests.push(request);
  }
}
