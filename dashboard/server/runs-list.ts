import { basename, dirname, join, resolve } from 'node:path';
import type { WebSocket } from 'ws';
import { type Environment, realEnvironment } from '../../streams/environment.js';
import { DiskError } from '../record/disk/disk-error.js';
import { changeLabels, deleteRun, type ListedRun, RunIndex, restoreRun } from '../record/runs/index.js';
import { closeCodes } from './protocol.js';
import { type RunsClientMessage, type RunsServerMessage, runsClientMessage } from './runs-protocol.js';
import type { Turns, Work } from './turns.js';

/** What the readers of the list may do. */
export interface ListPowers {
  readonly change: boolean;
  readonly share?: string;
}

const runsInAMessage = 100;
/** Bytes that wait for a reader: one that lets more wait is closed, and asks for all again. */
const mostBuffered = 1 << 23;
const mostMessagesASecond = 100;
const mostReaders = 200;

/** The runs in a folder as they are and as they change, for all who look at the list. */
export class RunsList implements Work {
  readonly #index: RunIndex;
  readonly #readers = new Set<WebSocket>();
  /** What every reader has been told, each run as JSON. */
  #told = new Map<string, string>();
  #isListed = false;
  #renewal: Generator<undefined, ListedRun[]> | undefined;

  constructor(
    readonly folder: string,
    readonly turns: Pick<Turns, 'add' | 'remove'>,
    readonly environment: Environment = realEnvironment,
  ) {
    this.#index = new RunIndex(folder);
  }

  /** Whether there is room for one more reader. */
  get isFull(): boolean {
    return this.#readers.size >= mostReaders;
  }

  welcome(socket: WebSocket, powers: ListPowers): void {
    socket.on('error', () => undefined);
    socket.on('close', () => this.#readers.delete(socket));
    let [second, messages] = [0, 0];
    socket.on('message', (data, isBinary) => {
      const now = Math.floor(this.environment.now() / 1_000);
      messages = now === second ? messages + 1 : 1;
      second = now;
      if (messages > mostMessagesASecond) {
        socket.close(closeCodes.policy, `more than ${mostMessagesASecond} messages in a second`);
      } else this.#receive(socket, isBinary ? '' : data.toString(), powers);
    });
    const { change, share } = powers;
    say(socket, { kind: 'folder', folder: this.folder, change, ...(share !== undefined && { share }) });
    const known = [...this.#told.values()];
    for (let i = 0; i < known.length; i += runsInAMessage) {
      socket.send(`{"kind":"runs","gone":[],"runs":[${known.slice(i, i + runsInAMessage).join(',')}]}`);
    }
    if (this.#isListed) say(socket, { kind: 'listed' });
    this.#readers.add(socket);
    this.poll();
  }

  /** Looks soon what has changed, where anybody wants to know. */
  poll(): void {
    if (this.#readers.size > 0) this.turns.add(this);
  }

  turn(): boolean {
    this.#renewal ??= this.#index.renew();
    const { done, value } = this.#renewal.next();
    if (!done) return true;
    this.#renewal = undefined;
    this.#tell(value);
    return false;
  }

  close(): void {
    for (const socket of this.#readers) socket.close(closeCodes.goingAway, 'the dashboard closes');
    this.environment.timer(
      100,
      () => {
        for (const socket of this.#readers) socket.terminate();
      },
      true,
    );
  }

  #tell(runs: readonly ListedRun[]): void {
    const now = new Map(runs.map((run) => [run.path, JSON.stringify(run)]));
    const changed = [...now].filter(([path, run]) => this.#told.get(path) !== run).map(([, run]) => run);
    const gone = [...this.#told.keys()].filter((path) => !now.has(path));
    const isFirst = !this.#isListed;
    this.#told = now;
    this.#isListed = true;
    const messages: string[] = [];
    for (let i = 0; i < changed.length; i += runsInAMessage) {
      messages.push(`{"kind":"runs","gone":[],"runs":[${changed.slice(i, i + runsInAMessage).join(',')}]}`);
    }
    if (gone.length > 0) messages.push(JSON.stringify({ kind: 'runs', runs: [], gone }));
    if (isFirst) messages.push(JSON.stringify({ kind: 'listed' }));
    for (const socket of this.#readers) {
      for (const message of messages) socket.send(message);
      if (socket.bufferedAmount > mostBuffered) socket.terminate();
    }
  }

  #receive(socket: WebSocket, text: string, { change }: ListPowers): void {
    let message: RunsClientMessage;
    try {
      message = runsClientMessage(JSON.parse(text));
    } catch (error) {
      socket.close(closeCodes.malformed, (error as Error).message.slice(0, 120));
      return;
    }
    if (!change) {
      say(socket, { kind: 'refused', message: 'This address may look and change nothing.' });
      return;
    }
    try {
      this.#act(message);
    } catch (error) {
      if (!(error instanceof DiskError || error instanceof RangeError)) throw error;
      say(socket, { kind: 'refused', message: error.message });
    }
    this.poll();
  }

  #act(message: RunsClientMessage): void {
    const { path } = message;
    if (message.kind === 'label') {
      if (!this.#told.has(path)) throw new RangeError(`${path}: there is no such run`);
      changeLabels(join(this.folder, path), message.labels);
    } else if (message.kind === 'delete') {
      if (!this.#told.has(path)) throw new RangeError(`${path}: there is no such run`);
      const directory = resolve(this.folder, path);
      deleteRun(dirname(directory), basename(directory));
    } else {
      const directory = resolve(this.folder, path);
      restoreRun(dirname(directory), basename(directory));
    }
  }
}

function say(socket: WebSocket, message: RunsServerMessage): void {
  socket.send(JSON.stringify(message));
}
