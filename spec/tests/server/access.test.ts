import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RunLog } from '../../../dashboard/record/log/index.js';
import { socketPath } from '../../../dashboard/server/protocol.js';
import { serve } from '../../../dashboard/server/serve.js';
import { sessionKey } from '../../../dashboard/server/session-key.js';
import { directory, run } from '../record/run-events.js';
import { cookieFor, get, Listener, socketTo } from './connection.js';

async function served(): Promise<string> {
  const path = directory();
  const log = RunLog.create(join(path, 'run'));
  log.append(run);
  log.flush();
  const pageFolder = join(path, 'page');
  mkdirSync(join(pageFolder, 'assets'), { recursive: true });
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(pageFolder, 'assets', 'page.js'), 'export {};');
  writeFileSync(join(path, 'secret.txt'), 'a secret');
  symlinkSync(join(path, 'secret.txt'), join(pageFolder, 'link.txt'));
  const server = await serve({ directory: join(path, 'run'), port: 0, pageFolder });
  onTestFinished(async () => {
    await server.close();
    log.close();
  });
  return server.url;
}

/** The status with which a WebSocket is refused, 101 where it is not. */
function upgradeStatus(url: string, headers: Record<string, string>, path?: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = socketTo(url, headers, path);
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode!);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

test('the token is exchanged for a cookie and taken out of the address', async () => {
  const url = await served();
  const token = new URL(url).searchParams.get('token')!;
  expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
  const { status, headers, body } = await get(url, `/?token=${token}`);
  expect([status, headers.location, body]).toStrictEqual([303, '/', '']);
  const [cookie] = headers['set-cookie']!;
  expect(cookie).toMatch(/^fluxion-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
  expect(cookie).not.toContain(token);
  const page = await get(url, '/', { cookie: cookie.split(';')[0] });
  expect([page.status, page.body]).toStrictEqual([200, '<!doctype html><title>page</title>']);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
});

test('without the token or cookie nothing is served', async () => {
  const url = await served();
  const cookie = await cookieFor(url);
  const token = new URL(url).searchParams.get('token')!;
  const wrong = token.replace(/./, (c) => (c === 'A' ? 'B' : 'A'));
  for (const path of ['/', '/index.html', '/assets/page.js', '/none', `/assets/page.js?token=${token}`]) {
    expect((await get(url, path)).status).toBe(401);
    expect((await get(url, path, { cookie: `${cookie.slice(0, -1)}` })).status).toBe(401);
    expect((await get(url, path, { cookie: cookie.replace('fluxion', 'other') })).status).toBe(401);
  }
  for (const path of [`/?token=${wrong}`, '/?token=', `/?token=${token}x`, `/?token=${token.slice(1)}`]) {
    const { status, headers } = await get(url, path, { cookie });
    expect([status, headers['set-cookie']]).toStrictEqual([403, undefined]);
  }
  expect(await upgradeStatus(url, {})).toBe(401);
  expect(await upgradeStatus(url, { cookie: cookie.slice(0, -1) })).toBe(401);
  expect(await upgradeStatus(url, { cookie })).toBe(101);
  expect(await upgradeStatus(url, { cookie }, `${socketPath}/x`)).toBe(404);
});

test('other hosts and other origins are turned away, on HTTP and on upgrade', async () => {
  const url = await served();
  const cookie = await cookieFor(url);
  const { port } = new URL(url);
  const hosts = ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`];
  for (const host of [...hosts, `127.0.0.1.evil.example:${port}`, `[::1]:${port}`]) {
    expect([host, (await get(url, '/', { cookie, host })).status]).toStrictEqual([host, 421]);
    expect(await upgradeStatus(url, { cookie, host })).toBe(421);
  }
  const origins = ['http://evil.example', `https://127.0.0.1:${port}`, 'http://127.0.0.1', 'null'];
  for (const origin of [...origins, `http://localhost:${port}`]) {
    expect([origin, (await get(url, '/', { cookie, origin })).status]).toStrictEqual([origin, 403]);
    expect(await upgradeStatus(url, { cookie, origin })).toBe(403);
  }
  const origin = `http://127.0.0.1:${port}`;
  expect((await get(url, '/', { cookie, origin })).status).toBe(200);
  expect(await upgradeStatus(url, { cookie, origin })).toBe(101);
  const host = `localhost:${port}`;
  expect((await get(url, '/', { cookie, host, origin: `http://${host}` })).status).toBe(200);
});

test('every answer carries the protecting headers', async () => {
  const url = await served();
  const cookie = await cookieFor(url);
  const answers = [
    await get(url, '/', { cookie }),
    await get(url, '/none', { cookie }),
    await get(url, '/'),
    await get(url, new URL(url).search.replace(/^/, '/')),
    await get(url, '/', { host: 'evil.example' }),
  ];
  expect(answers.map(({ status }) => status)).toStrictEqual([200, 404, 401, 303, 421]);
  for (const { headers } of answers) {
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('no path leads out of the page, and only GET and HEAD are answered', async () => {
  const url = await served();
  const cookie = await cookieFor(url);
  const attacks = ['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt'];
  const more = [
    '/link.txt',
    '//etc/passwd',
    '/..\\secret.txt',
    '/assets',
    '/%00',
    '/assets/%2e%2e/%2e%2e/secret.txt',
  ];
  for (const path of [...attacks, ...more, '/http://127.0.0.1/index.html', '/__proto__']) {
    const { status, body } = await get(url, path, { cookie });
    expect([path, status, body.includes('secret')]).toStrictEqual([path, 404, false]);
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('..', '.', '%2e', '/', '\\', '%2f', '%5c', 'secret.txt', 'assets'), {
        maxLength: 8,
      }),
      async (parts) => {
        const { status, body } = await get(url, `/${parts.join('')}`, { cookie });
        expect(body).not.toContain('a secret');
        expect(status === 200).toBe(parts.length === 0);
      },
    ),
    { seed: 1, numRuns: 100 },
  );
  const head = await get(url, '/assets/page.js', { cookie }, 'HEAD');
  expect([head.status, head.body, head.headers['content-length']]).toStrictEqual([200, '', '10']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await get(url, '/', { cookie }, method)).status).toBe(405);
  }
});

test('it listens on 127.0.0.1 alone', async () => {
  const url = await served();
  const { port } = new URL(url);
  const refused = (host: string) =>
    new Promise<string | undefined>((resolve) => {
      const socket = connect({ host, port: Number(port) });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('connect', () => {
        socket.destroy();
        resolve('connected');
      });
    });
  expect(await refused('127.0.0.1')).toBe('connected');
  expect(await refused('127.0.0.2')).toBe('ECONNREFUSED'); // a loopback address too, but not the one
});

test('what a client must not send closes its socket with a reason', async () => {
  const url = await served();
  const closing = async (first: 'hello' | 'nothing', data: string | Buffer) => {
    const listener = await Listener.to(url, first === 'hello' ? { kind: 'hello', lastSeq: 0 } : undefined);
    listener.socket.send(data);
    await listener.until(() => listener.closed !== undefined);
    return listener.closed!;
  };
  expect(await closing('hello', 'no JSON')).toMatchObject({
    code: 1007,
    reason: expect.stringContaining('JSON'),
  });
  expect(await closing('hello', Buffer.from([1, 2]))).toStrictEqual({
    code: 1007,
    reason: 'message: expected text',
  });
  expect(await closing('hello', '[]')).toMatchObject({ code: 1007, reason: expect.stringContaining('kind') });
  expect(await closing('hello', '{"kind":"x"}')).toMatchObject({
    code: 1007,
    reason: expect.stringMatching(/'hello'.*got 'x'/),
  });
  const bad = [
    '{"kind":"hello","lastSeq":-1}',
    '{"kind":"hello","lastSeq":1.5}',
    '{"kind":"hello","lastSeq":0,"run":1}',
  ];
  for (const text of [
    ...bad,
    '{"kind":"hello"}',
    '{"kind":"control","action":"format"}',
    'null',
    '"hello"',
  ]) {
    expect((await closing('hello', text)).code).toBe(1007);
  }
  const summary = { kind: 'summary', id: 1, method: 0, series: 'loss', from: 0, to: 9, buckets: 9 };
  for (const wrong of [
    { buckets: 0 },
    { buckets: 1e9 },
    { series: '__proto__' },
    { method: -1 },
    { to: 'x' },
  ]) {
    expect((await closing('hello', JSON.stringify({ ...summary, ...wrong }))).code).toBe(1007);
  }
  expect(await closing('nothing', JSON.stringify(summary))).toStrictEqual({
    code: 1008,
    reason: 'expected hello first',
  });
  expect((await closing('hello', ' '.repeat(65_537))).code).toBe(1009);
  expect(
    (await closing('hello', `{"kind":"hello","lastSeq":"${'é'.repeat(300)}"}`)).reason.length,
  ).toBeLessThan(124);
});

test('a flood of messages closes the socket', async () => {
  const url = await served();
  const listener = await Listener.to(url);
  for (let i = 0; i < 5000 && listener.closed === undefined; i++)
    listener.send({ kind: 'hello', lastSeq: 0 });
  await listener.until(() => listener.closed !== undefined);
  expect(listener.closed).toStrictEqual({ code: 1008, reason: 'more than 1000 messages in a second' });
});

test('with the address to share one looks, and acts on nothing', async () => {
  const path = directory();
  const log = RunLog.create(path);
  log.append(run);
  log.flush();
  const actions: string[] = [];
  const key = Buffer.alloc(32, 1);
  const options = {
    directory: path,
    pageFolder: path,
    key,
    control: (action: string) => actions.push(action),
  };
  const server = await serve({ ...options, port: 0 });
  onTestFinished(() => log.close());
  const act = async (url: string, cookie: string) => {
    const socket = socketTo(url, { cookie });
    const said: string[] = [];
    socket.on('message', (data) => said.push(String(data)));
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    socket.send('{"kind":"hello","lastSeq":0}');
    socket.send('{"kind":"control","action":"pause"}');
    await vi.waitFor(() => expect(said.join()).toMatch(/refused|"control":true/), 10_000);
    await vi.waitFor(() => expect(actions.length > 0 || said.join().includes('refused')).toBe(true), 10_000);
    socket.terminate();
    return said.join();
  };
  const readOnly = await cookieFor(server.readOnlyUrl);
  expect(await act(server.url, readOnly)).toMatch(/"control":false/);
  expect(actions).toEqual([]);
  const full = await cookieFor(server.url);
  expect(await act(server.url, full)).toMatch(/"control":true.*"share":/);
  expect(actions).toEqual(['pause']);

  // A later process with the same key on the same port knows both; one with another key knows neither.
  const port = Number(new URL(server.url).port);
  await server.close();
  const later = await serve({ ...options, port });
  const status = async (cookie: string) => (await get(later.url, '/', { cookie })).status;
  expect(await Promise.all([full, readOnly].map(status))).toEqual([404, 404]); // let in, where there is no page
  await later.close();
  const other = await serve({ ...options, port, key: Buffer.alloc(32, 2) });
  expect((await get(other.url, '/', { cookie: full })).status).toBe(401);
  await other.close();
});

test('the key of the cookies is one that nobody else may read, or a new one', () => {
  const folder = join(directory(), 'state');
  const key = sessionKey(folder);
  expect(key).toHaveLength(32);
  expect(sessionKey(folder)).toEqual(key);
  const file = join(folder, 'session-key');
  expect(statSync(file).mode & 0o077).toBe(0);
  chmodSync(file, 0o644);
  expect(sessionKey(folder)).not.toEqual(key);
  writeFileSync(file, 'short');
  expect(sessionKey(folder)).toHaveLength(32);
  expect(sessionKey(join(file, 'below a file'))).toHaveLength(32);
});
