import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join, relative } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Environment, realEnvironment } from '../../streams/environment.js';
import type { Disk } from '../record/disk/disk.js';
import { DiskError } from '../record/disk/disk-error.js';
import { LogError } from '../record/log/index.js';
import { Access, type Refusal } from './access.js';
import { type Backlog, Client, type ClientPowers } from './client.js';
import { exportPath, sendExport } from './exports.js';
import { limitConnections } from './open-connections.js';
import { type PageFile, pageFiles } from './page-files.js';
import {
  type BranchListener,
  type ControlListener,
  closeCodes,
  type SliceListener,
  socketPath,
} from './protocol.js';
import { RunsList } from './runs-list.js';
import { isInside, runsPath } from './runs-protocol.js';
import { type ShownRun, ShownRuns } from './shown-runs.js';
import { Turns } from './turns.js';

export interface ServeOptions {
  /** The run that is shown. */
  readonly directory?: string;
  /** The folder in which runs lie: they are listed, and the list comes first where no run is given. */
  readonly folder?: string;
  /** 0: any free one. */
  readonly port: number;
  /** Without it, or where nothing is built there, who asks for the page is told so. */
  readonly pageFolder?: string;
  /** What cookies are made of; one of this process alone where it is left out. */
  readonly key?: Buffer;
  /** Heeds the buttons of the page; without it they are refused. */
  readonly control?: ControlListener;
  /** Begins new runs from checkpoints of those that are shown; without it the page does not offer it. */
  readonly branch?: BranchListener;
  /** Computes slices. */
  readonly slice?: SliceListener;
  /** What goes on with the run once it is stopped, for the page to say. */
  readonly resume?: string;
  /** Between two looks at the log. */
  readonly pollMilliseconds?: number;
  readonly pingMilliseconds?: number;
  /** How long a WebSocket may be silent before its first word. */
  readonly greetingMilliseconds?: number;
  /** How long a request may take to come. */
  readonly requestMilliseconds?: number;
  /** What may wait for one client. */
  readonly backlog?: Backlog;
  /** Clock, timers, turns and random bytes; by default those of this machine. */
  readonly environment?: Environment;
  /** Where the shown run is read from, by default the file system. */
  readonly disk?: Disk;
  /** Has the server answer at a port, 0: any free one, and tells which; by default a port of this machine. */
  readonly listen?: (server: Server, port: number) => Promise<number>;
}

export interface Served {
  readonly url: string;
  /** The address to share with who may look and act on nothing. */
  readonly readOnlyUrl: string;
  close(): Promise<void>;
}

/** How often the tails of the logs are looked at, and how often the folder is. */
const pollMilliseconds = 100;
const closingMilliseconds = 100;
const folderMilliseconds = 1_000;
const pingMilliseconds = 30_000;
const mostClients = 1200;
const mostBytesInbound = 1 << 16;
const slowestRequestMilliseconds = 10_000;
const checkMilliseconds = 1_000;

/**
 * Serves the page and the events of one run, or of those in a folder, on 127.0.0.1, in this thread.
 *
 * @throws LogError where there is no log to show; Error where the port is in use
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { directory, folder, disk, environment = realEnvironment } = options;
  const turns = new Turns(environment);
  const shown = new ShownRuns(directory, folder, turns, { disk, environment });
  const list = folder === undefined ? undefined : new RunsList(folder, turns, environment);
  const { pageFolder } = options;
  const firstView = directory === undefined && folder !== undefined ? 'runs' : 'run';
  const files = pageFolder === undefined ? new Map<string, PageFile>() : pageFiles(pageFolder, firstView);
  let access: Access;
  let port: number;

  const server = createServer({ connectionsCheckingInterval: checkMilliseconds }, (request, response) => {
    const refusal = access.place(request);
    if (refusal !== null) return answer(response, access, refusal.status, refusal.message);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, access, 405, 'Only GET and HEAD are answered.');
    }
    const [path, query = ''] = (request.url ?? '/').split('?', 2);
    const asked = new URLSearchParams(query);
    const token = path === '/' ? asked.get('token') : null;
    if (token !== null) {
      const cookie = access.cookieFor(token);
      if (cookie === undefined)
        return answer(response, access, 403, 'This token is not, or no longer, right.');
      asked.delete('token'); // what it asks to be shown stays, and the browser keeps what stands behind #
      const Location = asked.size === 0 ? '/' : `/?${asked}`;
      response.writeHead(303, { ...access.headers(), Location, 'Set-Cookie': cookie }).end();
      return;
    }
    const stranger = access.session(request);
    if (stranger !== null) return answer(response, access, stranger.status, stranger.message);
    if (path === exportPath) {
      const run = asked.get('run');
      const place =
        run === null || folder === undefined ? directory : isInside(run) ? join(folder, run) : undefined;
      return sendExport(request, response, access.headers(), place, environment);
    }
    if (path === socketPath) {
      const run = findRun(shown, asked.get('run'));
      if ('status' in run) return answer(response, access, run.status, run.message);
      shown.tidy(run);
      response.writeHead(204, access.headers()).end(); // nothing stands in the way of a WebSocket
      return;
    }
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
    const refusal = access.place(request) ?? access.session(request);
    if (refusal !== null) return turnAway(socket, refusal);
    const [path, query = ''] = (request.url ?? '').split('?', 2);
    const mayAct = access.mayAct(request);
    if (path === runsPath && list !== undefined) {
      if (list.isFull) return turnAway(socket, tooMany);
      sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) =>
        list.welcome(webSocket, { change: mayAct, ...(mayAct && { share: readOnlyUrl() }) }),
      );
      return;
    }
    if (path !== socketPath) {
      return turnAway(socket, { status: 404, message: `Expected the path ${socketPath}.` });
    }
    if (shown.clients.length >= mostClients) return turnAway(socket, tooMany);
    const run = findRun(shown, new URLSearchParams(query).get('run'));
    if ('status' in run) return turnAway(socket, run);
    const powers = mayAct ? { ...powersOver(run), share: readOnlyUrl() } : withoutPower();
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const client = new Client(webSocket, run.tail, turns, powers);
      shown.add(run, client);
      webSocket.on('close', () => shown.remove(run, client));
    });
    shown.tidy(run); // where the handshake failed, nobody looks at it
  });

  try {
    port = await (options.listen ?? listen)(server, options.port);
    access = new Access(port, (count) => environment.randomBytes(count), options.key);
  } catch (error) {
    shown.close();
    throw error;
  }

  const ping = () => {
    for (const client of shown.clients) client.ping();
  };
  const repeated = [
    every(options.pollMilliseconds ?? pollMilliseconds, () => shown.poll(), environment),
    every(folderMilliseconds, () => list?.poll(), environment),
    every(options.pingMilliseconds ?? pingMilliseconds, ping, environment),
  ];
  const origin = `http://127.0.0.1:${port}`;
  /** What a client may who came by the address to share. */
  function withoutPower(): ClientPowers {
    const { greetingMilliseconds, backlog } = options;
    return {
      pathOf,
      ...(greetingMilliseconds !== undefined && { greetingMilliseconds }),
      ...(backlog !== undefined && { backlog }),
    };
  }
  /** What else one may who came by the whole address: the buttons reach the run that is always shown alone. */
  function powersOver(run: ShownRun): ClientPowers {
    const { control, resume, branch, slice } = options;
    return { ...withoutPower(), branch, slice, ...(shown.isOwn(run) && { control, resume }) };
  }
  function pathOf(place: string): string | undefined {
    if (folder === undefined) return undefined;
    const path = relative(folder, place);
    return isInside(path) ? path : undefined;
  }
  function readOnlyUrl(): string {
    return `${origin}/?token=${access.readOnlyToken}`;
  }

  return {
    url: `${origin}/?token=${access.token}`,
    readOnlyUrl: readOnlyUrl(),
    close: async () => {
      for (const stop of repeated) stop();
      shown.finish(environment.now() + closingMilliseconds);
      const { clients } = shown;
      for (const client of clients) client.close(closeCodes.goingAway, 'the dashboard closes');
      list?.close();
      const closed = new Promise((resolve) => server.close(resolve));
      const end = () => {
        for (const client of clients) client.terminate();
        server.closeAllConnections();
      };
      environment.timer(closingMilliseconds, end);
      await closed;
      turns.close();
      shown.close();
    },
  };
}

/** Has the task done again and again, until what it returns is called. */
function every(milliseconds: number, task: () => void, environment: Environment): () => void {
  let callOff: () => void;
  const again = () => {
    callOff = environment.timer(milliseconds, done, true);
  };
  const done = () => {
    again();
    task();
  };
  again();
  return () => callOff();
}

const tooMany: Refusal = { status: 503, message: 'Too many clients.' };

function findRun(shown: ShownRuns, path: string | null): ShownRun | Refusal {
  try {
    return shown.find(path) ?? { status: 404, message: 'There is no such run.' };
  } catch (error) {
    if (error instanceof LogError || error instanceof DiskError)
      return { status: 409, message: error.message };
    throw error;
  }
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
