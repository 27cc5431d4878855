import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { parseExact } from '../../../dashboard/record/exact-json.js';
import { RunLog } from '../../../dashboard/record/log/index.js';
import { stepAt } from '../../../dashboard/record/step-columns.js';
import { decodeMessage } from '../../../dashboard/server/binary-messages.js';
import { Client } from '../../../dashboard/server/client.js';
import { LogTail } from '../../../dashboard/server/log-tail.js';
import type { ServerMessage } from '../../../dashboard/server/protocol.js';
import type { Work } from '../../../dashboard/server/turns.js';
import { directory, run, step } from '../record/run-events.js';

const mebibyte = 1 << 20;

/** A connection whose other end reads when it is told to. */
class Line extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  most = 0;
  pings = 0;
  readonly numbers: number[] = [];
  readonly events: RunEvent[] = [];
  readonly kinds: string[] = [];
  readonly #waiting: { readonly data: string | Uint8Array; readonly sent?: () => void }[] = [];

  send(data: string | Uint8Array, sent?: () => void): void {
    this.#waiting.push({ data, sent });
    this.bufferedAmount += data.length;
    this.most = Math.max(this.most, this.bufferedAmount);
  }

  read(frames: number): void {
    for (const { data, sent } of this.#waiting.splice(0, frames)) {
      this.bufferedAmount -= data.length;
      this.#take(data);
      sent?.();
    }
  }

  /** Reads on until nothing comes any more. */
  drain(): void {
    while (this.#waiting.length > 0) this.read(1);
  }

  say(message: unknown): void {
    this.emit('message', Buffer.from(JSON.stringify(message)), false);
  }

  ping(): void {
    this.pings++;
  }

  close(): void {
    this.readyState = 2;
  }

  terminate(): void {
    this.readyState = 3;
  }

  #take(data: string | Uint8Array): void {
    if (typeof data === 'string') {
      const message = parseExact(data) as ServerMessage;
      this.kinds.push(message.kind);
      if (message.kind !== 'events') return;
      for (const { seq, event } of message.events) {
        this.numbers.push(seq);
        this.events.push(event);
      }
      return;
    }
    const frame = decodeMessage(data.slice().buffer as ArrayBuffer);
    this.kinds.push(frame.kind);
    if (frame.kind !== 'steps') return;
    for (let i = 0; i < frame.steps.method.length; i++) {
      this.numbers.push(frame.seq + i);
      this.events.push(stepAt(frame.steps, i));
    }
  }
}

/** Turns without end for whoever wants them. */
const atOnce = {
  add(work: Work) {
    while (work.turn());
  },
  remove: () => undefined,
};

function connected() {
  const path = directory();
  const log = RunLog.create(path);
  log.append(run);
  log.flush();
  const tail = new LogTail(path);
  onTestFinished(() => {
    tail.close();
    log.close();
  });
  const join = () => {
    const line = new Line();
    return { line, client: new Client(line as unknown as WebSocket, tail, atOnce) };
  };
  return { log, tail, join };
}

test('under any schedule of writing, reading and reconnecting, every event comes once, in order', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), steps: fc.nat(3000), rare: fc.nat(3) }),
    fc.record({ kind: fc.constant('poll' as const) }),
    fc.record({ kind: fc.constant('read' as const), frames: fc.nat(20) }),
    fc.record({ kind: fc.constant('reconnect' as const) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const { log, tail, join } = connected();
      const written: RunEvent[] = [run];
      const append = (event: RunEvent) => {
        written.push(event);
        log.append(event);
      };
      const numbers: number[] = [];
      const events: RunEvent[] = [];
      let most = 0;
      let { line, client } = join();
      line.say({ kind: 'hello', lastSeq: 0 });
      const drop = () => {
        numbers.push(...line.numbers);
        events.push(...line.events);
        most = Math.max(most, line.most);
      };
      for (const what of actions) {
        if (what.kind === 'write') {
          for (let i = 0; i < what.steps; i++) append(step(written.length));
          for (let i = 0; i < what.rare; i++) append({ kind: 'control', action: 'step', seconds: i });
          log.flush();
        } else if (what.kind === 'poll') {
          while (tail.turn());
          client.pump();
        } else if (what.kind === 'read') line.read(what.frames);
        else {
          drop();
          ({ line, client } = join());
          line.say({ kind: 'hello', run: run.run, lastSeq: numbers.at(-1) ?? 0 });
        }
      }
      while (tail.turn());
      client.pump();
      line.drain();
      drop();
      expect(numbers).toStrictEqual(written.map((_, i) => i + 1));
      expect(events).toStrictEqual(written);
      expect(most).toBeLessThan(mebibyte + 2048 * 50 + 100);
    }),
    { seed: 1, numRuns: 30 },
  );
});

test('a client that never reads holds one mebibyte, and is summed up to when it reads again', () => {
  const { log, tail, join } = connected();
  const { line, client } = join();
  line.say({ kind: 'hello', lastSeq: 0 });
  for (let i = 0; i < 200_000; i++) {
    log.append(step(i));
    if (i % 1000 === 999) {
      log.flush();
      while (tail.turn());
      client.pump();
    }
  }
  expect(line.most).toBeLessThan(mebibyte + 2048 * 50 + 100);
  const behind = line.numbers.length;
  line.drain();
  expect(behind).toBe(0);
  expect(line.numbers).toStrictEqual(line.numbers.map((_, i) => i + 1)); // what was sent had no gap
  expect(line.numbers.length).toBeGreaterThan(15_000);
  expect(line.numbers.length).toBeLessThan(50_000);
  const skipped = line.kinds.indexOf('skipped');
  expect(line.kinds.slice(skipped)).toStrictEqual(['skipped', ...Array(5).fill('summary'), 'caughtUp']);
  log.append(step(200_000));
  log.flush();
  while (tail.turn());
  client.pump();
  line.drain();
  expect(line.numbers.at(-1)).toBe(200_002);
});

test('a client that asks, but never reads, is cut off', () => {
  const { log, tail, join } = connected();
  for (let i = 0; i < 20_000; i++) log.append(step(i));
  log.flush();
  while (tail.turn());
  const { line } = join();
  line.say({ kind: 'hello', lastSeq: 0 });
  const request = { kind: 'summary', id: 1, method: 0, series: 'loss', from: 0, to: 20_000, buckets: 4000 };
  for (let i = 0; i < 1100; i++) line.say(request);
  expect(line.readyState).not.toBe(line.OPEN);
  expect(line.most).toBeLessThan(2 * mebibyte);
});

test('a client that leaves pings unanswered is given up', () => {
  const { join } = connected();
  const { line, client } = join();
  client.ping();
  line.emit('pong');
  client.ping();
  expect([line.pings, line.readyState]).toStrictEqual([2, 1]);
  client.ping();
  expect([line.pings, line.readyState]).toStrictEqual([2, 3]);
});

test('a client has caught up with what there was when it came, though a fast run always has more', () => {
  const { log, tail } = connected();
  const line = new Line();
  const byTurns = { add: () => undefined, remove: () => undefined };
  const client = new Client(line as unknown as WebSocket, tail, byTurns);
  line.say({ kind: 'hello', lastSeq: 0 });
  for (let turn = 0; turn < 6; turn++) {
    for (let i = 0; i < 4_000; i++) log.append(step(4_000 * turn + i));
    log.flush();
    while (tail.turn());
    client.turn();
  }
  line.drain();
  expect(line.numbers.length).toBeLessThan(tail.reader.seq);
  expect(line.kinds).toContain('caughtUp');
});
