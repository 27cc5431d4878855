import { EventEmitter } from 'node:events';
import { parseExact } from '../../dashboard/record/exact-json.js';
import { decodeMessage } from '../../dashboard/server/binary-messages.js';
import type { ServerMessage } from '../../dashboard/server/protocol.js';
import type { World } from './world.js';

/** So many bytes wait for each that really does: a few steps fill what the server keeps for a client. */
const weight = 512;
const stall = 3_000;

/** A connection to a page that reads a little later, or takes nothing for a while: the part of a WebSocket that the server uses. */
export class SimulatedLine extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  caughtUp = false;
  readonly #queue: { readonly data: string | Uint8Array; readonly sent?: () => void }[] = [];

  constructor(readonly world: World) {
    super();
  }

  send(data: string | Uint8Array, sent?: () => void): void {
    this.bufferedAmount += weight * data.length;
    this.world.page.wasFull ||= this.bufferedAmount > 1 << 20;
    this.#queue.push({ data, sent });
    if (this.#queue.length === 1) this.#read();
  }

  #read(): void {
    const arrive = () => {
      const first = this.#queue.shift();
      if (first === undefined || this.readyState !== this.OPEN) return;
      this.bufferedAmount -= weight * first.data.length;
      this.#take(first.data);
      first.sent?.();
      if (this.#queue.length > 0) this.#read();
    };
    const { environment, faults } = this.world;
    environment.timer(faults.strikes('stalledClient') ? stall : 1, arrive, true);
  }

  hello(): void {
    const { page, parts } = this.world;
    const { run, seq } = page;
    const message = { kind: 'hello', lastSeq: parts.lastSeq(seq), ...(run !== undefined && { run }) };
    this.emit('message', Buffer.from(JSON.stringify(message)), false);
  }

  ping(): void {
    this.emit('pong');
  }

  close(): void {
    this.terminate();
  }

  terminate(): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = 3;
    this.emit('close');
  }

  #take(data: string | Uint8Array): void {
    const { page } = this.world;
    if (typeof data !== 'string') {
      const message = decodeMessage(data.slice().buffer as ArrayBuffer);
      if (message.kind !== 'steps') return;
      for (let i = 0; i < message.steps.method.length; i++) page.take(message.seq + i);
      return;
    }
    const message = parseExact(data) as ServerMessage;
    if (message.kind === 'welcome') page.welcome(message.lastSeq, message.run?.run);
    else if (message.kind === 'events') for (const { seq } of message.events) page.take(seq);
    else if (message.kind === 'caughtUp') this.caughtUp = true;
  }
}
