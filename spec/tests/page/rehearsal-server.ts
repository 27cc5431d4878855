import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { parseExact, stringifyExact } from '../../../dashboard/record/exact-json.js';
import { bytesPerStep, stepColumns } from '../../../dashboard/record/step-columns.js';
import { encodeSteps } from '../../../dashboard/server/binary-messages.js';
import {
  type ClientMessage,
  protocolVersion,
  type ServerMessage,
  socketPath,
} from '../../../dashboard/server/protocol.js';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Serves the built page and plays a list of events to it, with the interruptions a test asks for. */
export class RehearsalServer {
  readonly hellos: ClientMessage[] = [];
  readonly controls: string[] = [];
  live = true;
  #events: RunEvent[] = [];
  readonly #clients = new Map<WebSocket, number>();
  readonly #http;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #refusing = false;

  constructor(folder: string) {
    this.#http = createServer((request, response) => {
      const path = new URL(request.url!, 'http://page').pathname;
      const file = join(folder, path === '/' ? 'index.html' : path);
      if (path.includes('..') || !existsSync(file)) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': "default-src 'self'",
      });
      createReadStream(file).pipe(response);
    });
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.#refusing || request.url !== socketPath) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#meet(client));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#http.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.interrupt();
    const closed = new Promise((done) => this.#http.close(done));
    this.#http.closeAllConnections(); // a browser opens some before it has anything to ask
    await closed;
  }

  append(events: readonly RunEvent[]): void {
    for (const event of events) this.#events.push(event);
    for (const client of this.#clients.keys()) this.#catchUp(client);
  }

  /** Cuts every connection, and takes no new one until `restore`. */
  interrupt(): void {
    this.#refusing = true;
    for (const client of this.#clients.keys()) client.terminate();
    this.#clients.clear();
  }

  restore(): void {
    this.#refusing = false;
  }

  #meet(client: WebSocket): void {
    client.on('message', (data) => {
      const message = parseExact(String(data)) as ClientMessage;
      if (message.kind === 'control') this.controls.push(message.action);
      if (message.kind !== 'hello') return;
      this.hellos.push(message);
      const started = this.#events[0];
      const same = started?.kind === 'run' && message.run === started.run;
      const lastSeq = same ? message.lastSeq : 0;
      this.#clients.set(client, lastSeq);
      send(client, {
        kind: 'welcome',
        protocol: protocolVersion,
        run: started?.kind === 'run' ? started : null,
        lastSeq,
        seq: this.#events.length,
        live: this.live,
        control: this.live,
      });
      this.#catchUp(client);
    });
  }

  #catchUp(client: WebSocket): void {
    let seq = this.#clients.get(client)!;
    while (seq < this.#events.length) {
      let end = seq;
      const steps = this.#events[seq]!.kind === 'step';
      while (end < this.#events.length && end - seq < 4096 && (this.#events[end]!.kind === 'step') === steps)
        end++;
      const some = this.#events.slice(seq, end);
      if (steps) client.send(stepsFrame(seq + 1, some));
      else {
        const first = seq + 1;
        send(client, { kind: 'events', events: some.map((event, index) => ({ seq: first + index, event })) });
      }
      seq = end;
    }
    this.#clients.set(client, seq);
    send(client, { kind: 'caughtUp', seq });
  }
}

function send(client: WebSocket, message: ServerMessage): void {
  client.send(stringifyExact(message));
}

export function stepsFrame(seq: number, events: readonly RunEvent[]): Uint8Array<ArrayBuffer> {
  const columns = stepColumns(new ArrayBuffer(bytesPerStep * events.length), 0, events.length);
  events.forEach((event, index) => {
    if (event.kind !== 'step') throw new TypeError(`expected a step, got ${event.kind}`);
    columns.method[index] = event.method;
    columns.step[index] = event.step;
    columns.seconds[index] = event.seconds;
    columns.loss[index] = event.loss;
    columns.gradientNorm[index] = event.gradientNorm;
    columns.updateNorm[index] = event.updateNorm;
    columns.milliseconds[index] = event.milliseconds;
  });
  return encodeSteps(seq, columns);
}
