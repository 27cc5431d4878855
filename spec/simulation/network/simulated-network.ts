import type { Server } from 'node:http';
import type { Faults } from '../faults.js';
import type { SimulatedEnvironment } from '../simulated-environment.js';
import { type End, SimulatedSocket } from './simulated-socket.js';

/** The connections of one process: a server listens, others connect, in virtual time. */
export class SimulatedNetwork {
  #server: Server | undefined;
  readonly #sockets = new Set<SimulatedSocket>();
  #worst = { waiting: 0, beyond: 0 };

  constructor(
    readonly environment: SimulatedEnvironment,
    readonly faults: Faults,
  ) {}

  /** Takes the place of a port of the system. */
  readonly listen = (server: Server, port: number): Promise<number> => {
    this.#server = server;
    return Promise.resolve(port);
  };

  /** The server's ends of connections that it has not closed. */
  get open(): number {
    return this.#sockets.size;
  }

  /** The most bytes that ever waited for one end, and the most of them beyond two messages of its longest. */
  get mostWaiting(): { readonly waiting: number; readonly beyond: number } {
    return [...this.#sockets].reduce(worse, this.#worst);
  }

  /** Connects an end to the server. */
  connect(end: End): SimulatedSocket {
    const socket = new SimulatedSocket(this.environment, this.faults, end);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#worst = worse(this.#worst, socket);
    });
    this.#server!.emit('connection', socket);
    return socket;
  }

  /** The process is gone, and all its connections with it. */
  end(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

const worse = (
  { waiting, beyond }: { readonly waiting: number; readonly beyond: number },
  { mostWaiting, longest }: SimulatedSocket,
) => ({
  waiting: Math.max(waiting, mostWaiting),
  beyond: Math.max(beyond, mostWaiting - 2 * longest),
});
