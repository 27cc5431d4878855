import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { logName, RunLog } from '../../../dashboard/record/log/index.js';
import type { ControlListener } from '../../../dashboard/server/index.js';
import { LogError, PortInUse, startDashboard } from '../../../dashboard/server/index.js';
import { serve } from '../../../dashboard/server/serve.js';
import { directory, run, step } from '../record/run-events.js';
import { cookieFor, get, Listener } from './connection.js';

const evaluation: RunEvent = {
  kind: 'evaluation',
  method: 0,
  step: 2,
  seconds: 1,
  loss: Number.NaN,
  accuracy: -0,
};

async function serving(path: string, control?: ControlListener, pingMilliseconds?: number) {
  const server = await serve({ directory: path, port: 0, pageFolder: path, control, pingMilliseconds });
  onTestFinished(() => server.close());
  return server.url;
}

function begun(events: readonly RunEvent[] = [run]): { log: RunLog; path: string } {
  const path = join(directory(), 'run');
  const log = RunLog.create(path);
  onTestFinished(() => log.close());
  for (const event of events) log.append(event);
  log.flush();
  return { log, path };
}

test('a client is sent the whole log, then its tail, NaN and −0 as they are', async () => {
  const events = [run, step(0), step(1, Number.NaN), evaluation, step(2, Number.NEGATIVE_INFINITY)];
  const { log, path } = begun(events);
  const client = await Listener.to(await serving(path), { kind: 'hello', lastSeq: 0 });
  await client.until(() => client.find('caughtUp') !== undefined);
  expect(client.messages[0]).toStrictEqual({
    kind: 'welcome',
    protocol: 2,
    run,
    lastSeq: 0,
    seq: 5,
    live: true,
    control: false,
    share: expect.stringMatching(/^http:.*[?]token=/),
  });
  expect(client.events).toStrictEqual(events);
  expect(client.find('caughtUp')?.seq).toBe(5);
  const more = [step(3), evaluation, step(4)];
  for (const event of more) log.append(event);
  log.flush();
  await client.until(() => client.events.length === 8);
  expect(client.events).toStrictEqual([...events, ...more]);
  expect(client.numbers).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  log.close();
  await client.until(() => client.find('status') !== undefined);
  expect(client.find('status')).toStrictEqual({ kind: 'status', live: false });
});

test('what was written last reaches a client before the server closes', async () => {
  const { log, path } = begun();
  const server = await serve({ directory: path, port: 0, pageFolder: path, pollMilliseconds: 3_600_000 });
  const client = await Listener.to(server.url, { kind: 'hello', lastSeq: 0 });
  await client.until(() => client.find('caughtUp') !== undefined);
  const last: RunEvent[] = [step(0), evaluation, { kind: 'result', seconds: 1, methods: [] }];
  for (const event of last) log.append(event);
  log.close();
  await server.close();
  await client.until(() => client.closed !== undefined);
  expect(client.events).toStrictEqual([run, ...last]);
});

test('tells by HTTP why a run cannot be shown, and keeps what an address with a token asks for', async () => {
  const { path } = begun();
  const folder = join(path, '..');
  mkdirSync(join(folder, 'foreign'));
  writeFileSync(join(folder, 'foreign', logName), 'something else');
  const server = await serve({ folder, port: 0, pageFolder: folder });
  onTestFinished(() => server.close());
  const cookie = await cookieFor(server.url);
  const live = async (name: string) => {
    const { status, body } = await get(server.url, `/live?run=${name}`, { cookie });
    return [status, body.trim().split('/').at(-1)];
  };
  expect(await live('run')).toStrictEqual([204, '']);
  expect(await live('foreign')).toStrictEqual([409, 'events.log: not a run log']);
  const { pathname, search } = new URL(server.url);
  const { status, headers } = await get(server.url, `${pathname}${search}&run=foreign&with=run`);
  expect([status, headers.location]).toStrictEqual([303, '/?run=foreign&with=run']);
});

test('one who comes back goes on where it was, in another run from the start', async () => {
  const { path } = begun([run, ...Array.from({ length: 1000 }, (_, i) => step(i))]);
  const url = await serving(path);
  const from = async (hello: { run?: string; lastSeq: number }) => {
    const client = await Listener.to(url, { kind: 'hello', ...hello });
    await client.until(() => client.find('caughtUp') !== undefined);
    return [client.find('welcome')?.lastSeq, client.numbers[0], client.numbers.length];
  };
  expect(await from({ run: run.run, lastSeq: 300 })).toStrictEqual([300, 301, 701]);
  expect(await from({ lastSeq: 1001 })).toStrictEqual([1001, undefined, 0]);
  expect(await from({ run: 'another', lastSeq: 300 })).toStrictEqual([0, 1, 1001]);
  expect(await from({ run: run.run, lastSeq: 5000 })).toStrictEqual([0, 1, 1001]);
});

test('a long log comes as summaries of every series and the rare events, then as its tail', async () => {
  const { log, path } = begun();
  const operators = (method: number, frames: number): RunEvent => ({
    kind: 'operators',
    method,
    step: frames,
    seconds: 1,
    operators: [{ name: 'gradient', frames, milliseconds: 1, arrays: 0, bytes: 0 }],
  });
  for (let i = 0; i < 150_000; i++) {
    log.append(step(i >> 1, Math.sin(i), i & 1));
    if (i % 50_000 === 0) {
      log.append(evaluation);
      log.append(operators(0, i));
      log.append(operators(1, i));
    }
  }
  log.flush();
  const client = await Listener.to(await serving(path), { kind: 'hello', lastSeq: 0 });
  await client.until(() => client.find('caughtUp') !== undefined);
  expect(client.find('skipped')).toStrictEqual({ kind: 'skipped', from: 1, to: 150_010 });
  expect(client.events).toStrictEqual([
    run,
    evaluation,
    evaluation,
    evaluation,
    operators(0, 100_000),
    operators(1, 100_000),
  ]);
  expect(client.summaries.map(({ method, series }) => `${series} ${method}`)).toStrictEqual(
    [0, 1].flatMap((method) =>
      ['loss', 'gradientNorm', 'updateNorm', 'milliseconds', 'seconds'].map((name) => `${name} ${method}`),
    ),
  );
  for (const { step: steps, values } of client.summaries) {
    expect(steps.length).toBeLessThanOrEqual(1001);
    expect(values.reduce((total, n) => total + n, 0)).toBe(75_000);
  }
  log.append(step(75_000));
  log.flush();
  await client.until(() => client.numbers.at(-1) === 150_011);
  expect(client.events.at(-1)).toStrictEqual(step(75_000));
});

test('summaries are answered, down to single steps', async () => {
  const { path } = begun([run, ...Array.from({ length: 5000 }, (_, i) => step(i, i))]);
  const client = await Listener.to(await serving(path), { kind: 'hello', lastSeq: 0 });
  client.send({ kind: 'summary', id: 7, method: 0, series: 'loss', from: 0, to: 5000, buckets: 10 });
  client.send({ kind: 'summary', id: 8, method: 0, series: 'loss', from: 3000, to: 3004, buckets: 10 });
  client.send({ kind: 'summary', id: 9, method: 5, series: 'loss', from: 0, to: 10, buckets: 10 });
  await client.until(() => client.summaries.length === 3);
  const [coarse, fine, none] = client.summaries;
  expect([coarse.id, coarse.width, [...coarse.min]]).toStrictEqual([
    7,
    512,
    Array.from({ length: 10 }, (_, i) => 512 * i),
  ]);
  expect([fine.id, fine.width, [...fine.step], [...fine.mean]]).toStrictEqual([
    8,
    1,
    [3000, 3001, 3002, 3003],
    [3000, 3001, 3002, 3003],
  ]);
  expect([none.id, none.step.length]).toStrictEqual([9, 0]);
});

test('buttons reach the run, or are refused', async () => {
  const { path } = begun();
  const pressed: string[] = [];
  const client = await Listener.to(await serving(path, (action) => pressed.push(action)), {
    kind: 'hello',
    lastSeq: 0,
  });
  for (const action of ['pause', 'step', 'resume', 'stop'] as const) client.send({ kind: 'control', action });
  client.send({ kind: 'summary', id: 1, method: 0, series: 'loss', from: 0, to: 1, buckets: 1 });
  await client.until(() => client.summaries.length === 1);
  expect(pressed).toStrictEqual(['pause', 'step', 'resume', 'stop']);
  expect(client.find('welcome')?.control).toBe(true);
  const watcher = await Listener.to(await serving(path), { kind: 'hello', lastSeq: 0 });
  watcher.send({ kind: 'control', action: 'stop' });
  await watcher.until(() => watcher.find('refused') !== undefined);
  expect(watcher.find('welcome')?.control).toBe(false);
});

test('a client that is gone without a word is given up, one that answers is kept', async () => {
  const { path } = begun();
  const url = await serving(path, undefined, 50);
  const dead = await Listener.to(url, { kind: 'hello', lastSeq: 0 }, false);
  const alive = await Listener.to(url, { kind: 'hello', lastSeq: 0 });
  await dead.until(() => dead.closed !== undefined);
  expect(dead.closed?.code).toBe(1006);
  expect(alive.closed).toBeUndefined();
});

test('what is wrong with the log is said, and what is whole is shown', async () => {
  const torn = begun([run, step(0)]);
  torn.log.close();
  appendFileSync(join(torn.path, logName), Buffer.alloc(20, 1));
  const one = await Listener.to(await serving(torn.path), { kind: 'hello', lastSeq: 0 });
  await one.until(() => one.find('caughtUp') !== undefined);
  expect(one.find('status')).toStrictEqual({
    kind: 'status',
    live: false,
    fault: 'The run was cut off: the last 20 bytes of its log are an event half-written.',
  });
  expect(one.events).toStrictEqual([run, step(0)]);

  const damaged = begun([run, step(0)]);
  const at = readFileSync(join(damaged.path, logName)).length;
  damaged.log.append(step(1));
  damaged.log.append(evaluation);
  damaged.log.close();
  const bytes = readFileSync(join(damaged.path, logName));
  bytes.writeUInt32LE(0, at + 4); // the length of the chunk of step 1
  writeFileSync(join(damaged.path, logName), bytes);
  const two = await Listener.to(await serving(damaged.path), { kind: 'hello', lastSeq: 0 });
  await two.until(() => two.find('caughtUp') !== undefined);
  expect(two.find('status')?.fault).toMatch(
    /events\.log: damaged at byte \d+: a length of 0; what stands before/,
  );
  expect(two.events).toStrictEqual([run, step(0)]);
});

test('in a thread of its own: it shows, heeds buttons, and ends', async () => {
  const { log, path } = begun();
  const pageFolder = join(path, 'page');
  mkdirSync(pageFolder);
  writeFileSync(join(pageFolder, 'index.html'), 'the page');
  const pressed: string[] = [];
  const control = (action: string) => pressed.push(action);
  const dashboard = await startDashboard({ directory: path, control, pageFolder });
  const { url } = dashboard;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
  expect((await get(url, '/', { cookie: await cookieFor(url) })).body).toBe('the page');
  const client = await Listener.to(url, { kind: 'hello', lastSeq: 0 });
  client.send({ kind: 'control', action: 'pause' });
  log.append(step(0));
  log.flush();
  await client.until(() => client.events.length === 2);
  while (pressed.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(pressed).toStrictEqual(['pause']);
  await dashboard.close();
  await client.until(() => client.closed !== undefined);
  expect(client.closed).toStrictEqual({ code: 1001, reason: 'the dashboard closes' });
  await dashboard.close(); // again does nothing
  await expect(get(url, '/')).rejects.toThrow('ECONNREFUSED');
});

test('what cannot be shown is an error that says why', async () => {
  const { path } = begun();
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  await expect(startDashboard({ directory: path, port })).rejects.toThrow(new PortInUse(port));
  expect(new PortInUse(80).message).toBe(
    'dashboard(port): 80 is in use; without the option a free one is chosen',
  );
  const empty = directory();
  await expect(startDashboard({ directory: empty })).rejects.toThrow(LogError);
  await expect(startDashboard({ directory: empty })).rejects.toThrow('no run there (it holds no events.log)');
  writeFileSync(join(empty, logName), 'something else');
  await expect(startDashboard({ directory: empty })).rejects.toThrow('events.log: not a run log');
  await expect(startDashboard({ directory: path, port: 70_000 })).rejects.toThrow('startDashboard(port)');
  await expect(startDashboard({ directory: path, prot: 1 } as never)).rejects.toThrow('startDashboard(prot)');
});
