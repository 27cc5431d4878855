import { type ClientMessage, closeCodes, socketPath } from '../../../dashboard/server/protocol.js';
import type { Random } from '../../../src/index.js';
import type { SimulatedNetwork } from './simulated-network.js';
import { frame, request, WebSocketEnd } from './web-socket-end.js';

const hello: ClientMessage = { kind: 'hello', lastSeq: 0 };
const question: ClientMessage = {
  kind: 'summary',
  id: 1,
  method: 0,
  series: 'loss',
  from: 0,
  to: 1,
  buckets: 1,
};
const text = (message: ClientMessage) => frame(1, Buffer.from(JSON.stringify(message)));

/** What visitors do that no page does, and with which code of closing they are sent away. */
const visits = {
  'asks far too often': {
    bytes: () => Buffer.concat([text(hello), ...Array.from({ length: 1_100 }, () => text(question))]),
    codes: [closeCodes.policy, 1006], // who goes on talking may be given up before the words are read
  },
  'says more than is taken in': { bytes: () => frame(1, Buffer.alloc(70_000, 'x')), codes: [1009] },
  'says what is no message': { bytes: () => Buffer.from([0x8f, 0x80, 0, 0, 0, 0]), codes: [1002] },
  'says nonsense': { bytes: () => frame(1, Buffer.from('{"kind":1}')), codes: [closeCodes.malformed] },
  'asks before it greets': { bytes: () => text(question), codes: [closeCodes.policy] },
  // On a slow machine its answer to a ping may come too late: it is given up before its time to greet is over.
  'is silent': { bytes: () => Buffer.alloc(0), codes: [closeCodes.tooSlow, 1006] },
} as const;

type Visit = keyof typeof visits;

/** Somebody who connects and does what no page does. The server has to send them away, and nobody else may notice. */
export class RudeVisitor {
  readonly visit: Visit;
  /** How it was sent away; undefined as long as it was not. */
  ended: number | undefined;

  constructor(network: SimulatedNetwork, random: Random, headers: Readonly<Record<string, string>>) {
    const all = Object.keys(visits) as Visit[];
    this.visit = all[random.integer(all.length)];
    const end: WebSocketEnd = new WebSocketEnd(network, socketPath, headers, {
      opened: () => {
        const bytes = visits[this.visit].bytes();
        if (bytes.length > 0) end.sendBytes(bytes);
      },
      received: () => {},
      closed: (code) => {
        this.ended = code;
      },
    });
  }

  /** Whether it says so much that others may have to wait. */
  get isFlood(): boolean {
    return this.visit === 'asks far too often';
  }

  /** Whether it was sent away as it should be. */
  get isRight(): boolean {
    return this.ended !== undefined && (visits[this.visit].codes as readonly number[]).includes(this.ended);
  }
}

/** Has somebody without a cookie ask for the events: hears the first line of the answer. */
export function stranger(network: SimulatedNetwork, headers: Readonly<Record<string, string>>): () => string {
  let answer = '';
  const socket = network.connect({
    received: (bytes) => {
      answer += bytes.toString('latin1');
    },
    closed: () => {},
  });
  socket.receive(
    request(socketPath, {
      ...headers,
      Cookie: 'fluxion-4000=guessed',
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }),
  );
  return () => answer.split('\r\n', 1)[0];
}
