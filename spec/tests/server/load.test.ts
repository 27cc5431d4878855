import { EventEmitter } from 'node:events';
import { copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { WebSocket } from 'ws';
import { logName, RunLog } from '../../../dashboard/record/log/index.js';
import { Client } from '../../../dashboard/server/client.js';
import { LogTail } from '../../../dashboard/server/log-tail.js';
import { type ServeOptions, serve } from '../../../dashboard/server/serve.js';
import { ShownRun } from '../../../dashboard/server/shown-runs.js';
import { Turns } from '../../../dashboard/server/turns.js';
import { directory, run, step } from '../record/run-events.js';
import { cookieFor, get, Listener, socketTo } from './connection.js';

function written(steps: number): string {
  const path = join(directory(), 'run');
  const log = RunLog.create(path);
  log.append(run);
  for (let i = 0; i < steps; i++) log.append(step(i));
  log.close();
  return path;
}

async function serving(path: string, options: Partial<ServeOptions> = {}): Promise<string> {
  writeFileSync(join(path, 'index.html'), 'the page');
  const served = await serve({ directory: path, port: 0, pageFolder: path, ...options });
  onTestFinished(() => served.close());
  return served.url;
}

test('works have turns one after the other, and everybody else in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      async (parts) => {
        const turns = new Turns();
        const order: number[] = [];
        const left = [...parts];
        let between = 0;
        const done = new Promise<void>((resolve) => {
          parts.forEach((_, i) => {
            turns.add({
              turn() {
                order.push(i);
                for (const end = performance.now() + 1; performance.now() < end; );
                left[i]--;
                if (left.every((one) => one === 0)) resolve();
                return left[i] > 0;
              },
            });
          });
        });
        const others = setInterval(() => between++, 1);
        await done;
        clearInterval(others);
        const rounds = Array.from({ length: Math.max(...parts) }, (_, round) =>
          parts.flatMap((most, i) => (round < most ? [i] : [])),
        );
        expect(order).toStrictEqual(rounds.flat());
        const most = 5; // milliseconds of work in a row, a millisecond each
        expect(between).toBeGreaterThanOrEqual(Math.floor(order.length / (most + 2)) - 1);
      },
    ),
    { seed: 1, numRuns: 10 },
  );
});

test('messages are counted when they come, though none of them is read yet', () => {
  const tail = new LogTail(written(10));
  onTestFinished(() => tail.close());
  const closed: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: () => expect.unreachable('nothing is answered before its turn'),
    close(_: number, reason: string) {
      closed.push(String(reason));
      this.readyState = 2;
    },
  });
  let wanted = 0;
  const never = { add: () => void wanted++, remove: () => undefined };
  new Client(socket as unknown as WebSocket, tail, never);
  for (let i = 0; i < 1000; i++) socket.emit('message', Buffer.from('{"kind":"hello","lastSeq":0}'), false);
  expect([closed, wanted]).toStrictEqual([[], 1000]);
  for (let i = 0; i < 100; i++) socket.emit('message', Buffer.from('no JSON'), false);
  expect(closed).toHaveLength(1); // and after that it is heard no more
  expect(closed[0]).toMatch(/^more than 1000 messages (in a second|wait for an answer)$/);
  socket.emit('close');
});

test('the page is answered before thousands of summaries are', async () => {
  const url = await serving(written(100_000));
  const cookie = await cookieFor(url);
  const askers = await Promise.all(
    Array.from({ length: 2 }, () => Listener.to(url, { kind: 'hello', lastSeq: 0 })),
  );
  for (const asker of askers) {
    for (let id = 1; id <= 400; id++) {
      asker.send({ kind: 'summary', id, method: 0, series: 'loss', from: 0, to: 100_000, buckets: 2000 });
    }
  }
  const answered = () =>
    askers.reduce((sum, { summaries }) => sum + summaries.filter(({ id }) => id > 0).length, 0);
  await askers[0].until(() => answered() > 0);
  for (let i = 0; i < 5; i++) expect((await get(url, '/', { cookie })).body).toBe('the page');
  expect(answered()).toBeLessThan(400);
  await Promise.all(askers.map((asker) => asker.until(() => asker.summaries.length >= 400)));
});

test('a log that has grown far meanwhile is taken in by parts, and no more than its newest messages is kept', () => {
  const path = written(10);
  let news = 0;
  const tail = new LogTail(path, { onNews: () => news++ });
  onTestFinished(() => tail.close());
  const log = RunLog.reopen(path);
  for (let i = 10; i < 400_000; i++) log.append(step(i));
  log.close();
  let turns = 1;
  while (tail.turn()) turns++;
  expect(turns).toBeGreaterThan(2);
  expect([tail.reader.seq, news > 0]).toStrictEqual([400_001, true]);
  let kept = 0;
  for (let seq = 1; seq <= 400_001; seq++) kept += tail.recent(seq) === undefined ? 0 : 1;
  expect(kept).toBeLessThanOrEqual(512);
});

test.each([
  ['deleted', (file: string) => rmSync(file), /events\.log has been deleted; what is shown was read before$/],
  [
    'replaced',
    (file: string) => replaced(file),
    /events\.log has been replaced by another file; what is shown/,
  ],
  ['shortened', (file: string) => truncateSync(file, 100), /events\.log has been shortened; what is shown/],
  [
    'written over',
    (file: string) => copyFileSync(join(written(50), logName), file),
    /replaced by another log/,
  ],
])('a log that is %s while it is shown is said to be', async (_, change, said) => {
  const path = written(40);
  const client = await Listener.to(await serving(path), { kind: 'hello', lastSeq: 0 });
  await client.until(() => client.find('caughtUp') !== undefined);
  change(join(path, logName));
  await client.until(() => client.find('status') !== undefined);
  expect(client.find('status')?.fault).toMatch(said);
  expect(client.events).toHaveLength(41); // what was shown stays
});

function replaced(file: string): void {
  copyFileSync(join(written(50), logName), `${file}.new`);
  renameSync(`${file}.new`, file);
}

test('silent connections leave room for others, and are closed at their limit', async () => {
  const url = await serving(written(10), { requestMilliseconds: 1000 });
  const { hostname, port } = new URL(url);
  let open = 0;
  const silent = Array.from({ length: 600 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('connect', () => open++).on('close', () => open--);
    return socket.on('error', () => undefined).resume();
  });
  onTestFinished(() => {
    for (const socket of silent) socket.destroy();
  });
  await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  const cookie = await cookieFor(url);
  expect((await get(url, '/', { cookie })).body).toBe('the page');
  while (open > 256) await setTimeout(10);
  while (open > 0) await setTimeout(10);
});

test('a WebSocket that says nothing is closed at its limit, one that has spoken is kept', async () => {
  const url = await serving(written(10), { greetingMilliseconds: 300 });
  const cookie = await cookieFor(url);
  const speaker = await Listener.to(url, { kind: 'hello', lastSeq: 0 });
  const mute = socketTo(url, { cookie });
  const reason = await new Promise((resolve) => mute.on('close', (_, why) => resolve(String(why))));
  expect(reason).toBe('expected hello within 0.3 s');
  const rude = connect(Number(new URL(url).port), '127.0.0.1').resume(); // does not even answer the closing frame
  rude.write(
    `GET /live HTTP/1.1\r\nHost: ${new URL(url).host}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\n` +
      `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  await new Promise((resolve) => rude.on('error', () => undefined).on('close', resolve));
  expect(speaker.closed).toBe(undefined);
});

test('a crowd is told less often, the last of it within a second, and few are told at every look', () => {
  const path = directory();
  const log = RunLog.create(path);
  log.append(run);
  log.close();
  const shown = new ShownRun(path);
  onTestFinished(() => shown.tail.close());
  /** At which of the looks, one every 100 ms, it is due with so many clients. */
  const looks = (clients: number) => {
    shown.clients.clear();
    for (let i = 0; i < clients; i++) shown.clients.add({} as Client);
    const begun = 1e6 * (clients + 1);
    return Array.from({ length: 30 }, (_, look) => 100 * look).filter((time) => shown.isDue(begun + time));
  };
  expect(looks(100)).toHaveLength(30);
  expect(looks(500).slice(0, 3)).toEqual([0, 500, 1_000]);
  expect(looks(1_000_000).slice(0, 3)).toEqual([0, 1_000, 2_000]);
});
