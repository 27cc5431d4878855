import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Controlled } from '../record/events.js';
import { Access, type Refusal } from './access.js';
import { Client } from './client.js';
import { LogTail } from './log-tail.js';
import { limitConnections } from './open-connections.js';
import { pageFiles } from './page-files.js';
import { closeCodes, socketPath } from './protocol.js';
import { Turns } from './turns.js';

export interface ServeOptions {
  readonly directory: string;
  /** 0: any free one. */
  readonly port: number;
  readonly pageFolder: string;
  /** What cookies are made of; one of this process alone where it is left out. */
  readonly key?: Buffer;
  /** Heeds the buttons of the page; without it they are refused. */
  readonly control?: (action: Controlled['action']) => void;
  /** What goes on with the run once it is stopped, for the page to say. */
  readonly resume?: string;
  readonly pingMilliseconds?: number;
  /** How long a WebSocket may be silent before its first word. */
  readonly greetingMilliseconds?: number;
  /** How long a request may take to come. */
  readonly requestMilliseconds?: number;
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** How often the tail of the log is looked at. */
const pollMilliseconds = 100;
const pingMilliseconds = 30_000;
const mostClients = 1200;
const mostBytesInbound = 1 << 16;
const slowestRequestMilliseconds = 10_000;
const checkMilliseconds = 1_000;

/**
 * Serves the page and the events of one run on 127.0.0.1, in this thread.
 *
 * @throws LogError where there is no log to show; Error where the port is in use
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const turns = new Turns();
  const tail = new LogTail(options.directory, { onNews: news });
  const files = pageFiles(options.pageFolder);
  const clients = new Set<Client>();
  let access: Access;

  const server = createServer({ connectionsCheckingInterval: checkMilliseconds }, (request, response) => {
    const refusal = access.place(request);
    if (refusal !== null) return answer(response, access, refusal.status, refusal.message);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, access, 405, 'Only GET and HEAD are answered.');
    }
    const [path, query = ''] = (request.url ?? '/').split('?', 2);
    const token = path === '/' ? new URLSearchParams(query).get('token') : null;
    if (token !== null) {
      if (!access.isToken(token))
        return answer(response, access, 403, 'This token is not, or no longer, right.');
      response.writeHead(303, { ...access.headers(), Location: '/', 'Set-Cookie': access.cookie() }).end();
      return;
    }
    const stranger = access.session(request);
    if (stranger !== null) return answer(response, access, stranger.status, stranger.message);
    const file = files.get(path);
    if (file !== undefined) {
      response.writeHead(200, {
        ...access.headers(),
        'Content-Type': file.type,
        'Content-Length': file.bytes.length,
      });
      response.end(request.method === 'HEAD' ? undefined : file.bytes);
    } else if (files.size === 0) answer(response, access, 503, 'The page is not built: run `npm run build`.');
    else answer(response, access, 404, 'There is no such file.');
  });
  const { requestMilliseconds = slowestRequestMilliseconds } = options;
  server.headersTimeout = requestMilliseconds;
  server.requestTimeout = requestMilliseconds;
  limitConnections(server);
  server.maxConnections = 2 * mostClients;

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostBytesInbound,
    perMessageDeflate: false,
    clientTracking: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const refusal = access.place(request) ?? access.session(request) ?? upgradeRefusal(request, clients.size);
    if (refusal !== null) return turnAway(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const client = new Client(webSocket, tail, turns, options);
      clients.add(client);
      webSocket.on('close', () => clients.delete(client));
    });
  });

  try {
    const port = await listen(server, options.port);
    access = new Access(port, options.key);
  } catch (error) {
    tail.close();
    throw error;
  }

  let { live, fault } = tail;
  function news(): void {
    if (tail.live !== live || tail.fault !== fault) {
      ({ live, fault } = tail);
      for (const client of clients) client.say({ kind: 'status', live, fault });
    }
    for (const client of clients) client.pump();
  }
  const poll = setInterval(() => turns.add(tail), pollMilliseconds);
  const ping = setInterval(() => {
    for (const client of clients) client.ping();
  }, options.pingMilliseconds ?? pingMilliseconds);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${access.token}`,
    close: async () => {
      clearInterval(poll);
      clearInterval(ping);
      for (const client of clients) client.close(closeCodes.goingAway, 'the dashboard closes');
      const closed = new Promise((resolve) => server.close(resolve));
      setTimeout(() => {
        for (const client of clients) client.terminate();
        server.closeAllConnections();
      }, pollMilliseconds);
      await closed;
      turns.close();
      tail.close();
    },
  };
}

function upgradeRefusal({ url }: IncomingMessage, clients: number): Refusal | null {
  if (url !== socketPath) return { status: 404, message: `Expected the path ${socketPath}.` };
  return clients < mostClients ? null : { status: 503, message: 'Too many clients.' };
}

export function answer(response: ServerResponse, access: Access, status: number, message: string): void {
  response.writeHead(status, { ...access.headers(), 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

function turnAway(socket: Socket, { status, message }: Refusal): void {
  socket.on('error', () => undefined);
  const isWritten = () => socket.destroy(); // its other end may keep it open for ever
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
    isWritten,
  );
}

export function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUse(port) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Somebody else listens there. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';

  constructor(readonly port: number) {
    super(`dashboard(port): ${port} is in use; without the option a free one is chosen`);
  }
}
