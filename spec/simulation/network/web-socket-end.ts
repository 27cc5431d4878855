import type { Listener, Socket } from '../../../dashboard/page/src/live/link.js';
import type { SimulatedNetwork } from './simulated-network.js';
import type { SimulatedSocket } from './simulated-socket.js';

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
/** As a browser says where a connection broke. */
const broken = 1006;

/** A browser's end of a WebSocket (RFC 6455), over a simulated connection. */
export class WebSocketEnd implements Socket {
  readonly #socket: SimulatedSocket;
  #bytes: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #code = broken;
  #reason = '';

  constructor(
    network: SimulatedNetwork,
    path: string,
    headers: Readonly<Record<string, string>>,
    readonly listener: Listener,
  ) {
    this.#socket = network.connect({
      received: (bytes) => this.#received(bytes),
      closed: () => listener.closed(this.#code, this.#reason),
    });
    this.sendBytes(
      request(path, {
        ...headers,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      }),
    );
  }

  get isClosed(): boolean {
    return this.#socket.destroyed || this.#socket.isDead;
  }

  send(text: string): void {
    this.sendBytes(frame(opcodes.text, Buffer.from(text)));
  }

  /** What no browser would send, too. */
  sendBytes(bytes: Buffer): void {
    this.#socket.receive(bytes);
  }

  close(): void {
    this.sendBytes(frame(opcodes.close, Buffer.alloc(0)));
  }

  /** The connection breaks. */
  cut(): void {
    this.#socket.cut();
  }

  /** The connection dies without a word; not before it is one, as Node sees to those with clocks of its own. */
  die(): void {
    if (this.#isOpen) this.#socket.die();
  }

  #received(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    if (!this.#isOpen && !this.#opens()) return;
    for (let length = this.#message(); length > 0; length = this.#message()) {
      this.#bytes = this.#bytes.subarray(length);
    }
  }

  #opens(): boolean {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.#bytes.subarray(0, end).toString('latin1');
    if (!head.startsWith('HTTP/1.1 101 ')) {
      [this.#reason] = head.split('\r\n', 1);
      return false; // turned away; the server closes
    }
    this.#bytes = this.#bytes.subarray(end + 4);
    this.#isOpen = true;
    this.listener.opened();
    return true;
  }

  /** Takes in one message where it is whole; returns its length, or 0. */
  #message(): number {
    const bytes = this.#bytes;
    if (bytes.length < 2) return 0;
    const short = bytes[1] & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < header) return 0;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUInt32BE(6);
    if (bytes.length < header + length) return 0;
    const data = bytes.subarray(header, header + length);
    const opcode = bytes[0] & 0x0f;
    if (opcode === opcodes.ping) this.sendBytes(frame(opcodes.pong, data));
    else if (opcode === opcodes.close) {
      this.#code = data.length >= 2 ? data.readUInt16BE(0) : 1005;
      this.#reason = data.subarray(2).toString();
      this.sendBytes(frame(opcodes.close, data.subarray(0, 2)));
    } else if (opcode === opcodes.text) this.listener.received(data.toString());
    else if (opcode === opcodes.binary) this.listener.received(new Uint8Array(data).buffer);
    return header + length;
  }
}

/** A message of a browser: masked, by zeros. */
export function frame(opcode: number, data: Buffer): Buffer {
  const short = data.length < 126 ? data.length : data.length < 1 << 16 ? 126 : 127;
  const header = Buffer.alloc({ 126: 4, 127: 10 }[short] ?? 2);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | short;
  if (short === 126) header.writeUInt16BE(data.length, 2);
  if (short === 127) header.writeUInt32BE(data.length, 6);
  return Buffer.concat([header, Buffer.alloc(4), data]);
}

export function request(path: string, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}
