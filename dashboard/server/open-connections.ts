import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** So many connections of HTTP are kept open at a time, whatever they do. */
const most = 256;

/**
 * Keeps places free for those who ask: where too many connections are open, the one that has been silent for longest
 * is closed. WebSockets do not count; they have places of their own.
 */
export function limitConnections(server: Server): void {
  /** Those that have been silent for longest come first. */
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (open.size <= most) return;
    const [silent] = open;
    open.delete(silent);
    silent.destroy();
  });
  server.on('request', ({ socket }) => {
    if (open.delete(socket)) open.add(socket);
  });
  server.on('upgrade', ({ socket }) => void open.delete(socket));
}
