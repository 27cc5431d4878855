import { request } from 'node:http';
import { WebSocket } from 'ws';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { parseExact } from '../../../dashboard/record/exact-json.js';
import { stepAt } from '../../../dashboard/record/step-columns.js';
import { decodeMessage, type SummaryMessage } from '../../../dashboard/server/binary-messages.js';
import { type ClientMessage, type ServerMessage, socketPath } from '../../../dashboard/server/protocol.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with whatever headers and path, sent as they are. */
export function get(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The cookie for one who shows the token of the address. */
export async function cookieFor(url: string): Promise<string> {
  const { pathname, search } = new URL(url);
  const { headers } = await get(url, pathname + search);
  return headers['set-cookie']![0].split(';')[0];
}

export function socketTo(
  url: string,
  headers: Readonly<Record<string, string>>,
  path = socketPath,
  autoPong = true,
): WebSocket {
  return new WebSocket(`ws://${new URL(url).host}${path}`, { headers, autoPong });
}

/** A client that keeps what it is sent, events and steps in one list by number. */
export class Listener {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly summaries: SummaryMessage[] = [];
  readonly numbers: number[] = [];
  readonly events: RunEvent[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  #changed: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#frame(data);
      else this.#message(parseExact(data.toString()) as ServerMessage);
      this.#changed();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#changed();
    });
  }

  /** @param answersPings false for one whose process hangs */
  static async to(url: string, hello?: ClientMessage, answersPings = true): Promise<Listener> {
    const listener = new Listener(socketTo(url, { cookie: await cookieFor(url) }, socketPath, answersPings));
    await new Promise((resolve, reject) => {
      listener.socket.on('open', resolve);
      listener.socket.on('error', reject);
    });
    if (hello !== undefined) listener.send(hello);
    return listener;
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Waits for what it is sent to fulfil a condition. */
  async until(fulfilled: () => boolean): Promise<void> {
    while (!fulfilled()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  find<K extends ServerMessage['kind']>(kind: K): Extract<ServerMessage, { kind: K }> | undefined {
    return this.messages.find((message) => message.kind === kind) as never;
  }

  #message(message: ServerMessage): void {
    this.messages.push(message);
    if (message.kind !== 'events') return;
    for (const { seq, event } of message.events) {
      this.numbers.push(seq);
      this.events.push(event);
    }
  }

  #frame(data: Buffer): void {
    const frame = decodeMessage(new Uint8Array(data).buffer);
    if (frame.kind === 'summary') this.summaries.push(frame);
    else {
      for (let i = 0; i < frame.steps.method.length; i++) {
        this.numbers.push(frame.seq + i);
        this.events.push(stepAt(frame.steps, i));
      }
    }
  }
}
