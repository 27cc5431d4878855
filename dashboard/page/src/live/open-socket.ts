import type { Listener, Socket } from './link.js';

/** A connection over the browser's WebSocket. */
export function openSocket(address: URL, listener: Listener): Socket {
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => listener.received(data);
  socket.onclose = ({ code, reason }) => listener.closed(code, reason);
  return socket;
}
