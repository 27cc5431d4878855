import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RunLog } from '../../../dashboard/record/log/index.js';
import type { BranchRequest } from '../../../dashboard/server/index.js';
import { startDashboard } from '../../../dashboard/server/index.js';
import { serve } from '../../../dashboard/server/serve.js';
import { directory, run, step } from '../record/run-events.js';
import { cookieFor, get, Listener, socketTo } from './connection.js';

const asked = 'adam(beta1=0.5)';
const method = { ...run.methods[0], asked };

/** A folder with two runs. */
function runs(): string {
  const folder = join(directory(), 'runs');
  for (const name of ['own', 'other']) {
    const log = RunLog.create(join(folder, name));
    log.append({ ...run, run: name, methods: [method] });
    log.append(step(0));
    log.close();
  }
  return folder;
}

const hello = { kind: 'hello', lastSeq: 0 } as const;
const changes = { learningRate: 0.01, guard: 'skip', nesterov: true };

test('a run is begun from any that is shown, and it is said how it went', async () => {
  const folder = runs();
  const asks: BranchRequest[] = [];
  const server = await serve({
    directory: join(folder, 'own'),
    folder,
    port: 0,
    pageFolder: folder,
    control: () => Promise.resolve('not now'),
    branch: async (request) => {
      asks.push(request);
      if (request.steps === 13) throw new RangeError('thirteen steps are none');
      return { directory: join(folder, 'made'), url: 'http://127.0.0.1:1/' };
    },
  });
  onTestFinished(() => server.close());
  const client = await Listener.to(server.url, hello);
  await client.until(() => client.find('caughtUp') !== undefined);
  expect(client.find('welcome')).toMatchObject({ control: true, branch: true, path: 'own' });
  client.send({ kind: 'branch', method: 0, changes, steps: 20 });
  await client.until(() => client.find('branched') !== undefined);
  const made = {
    kind: 'branched',
    directory: join(folder, 'made'),
    url: 'http://127.0.0.1:1/',
    path: 'made',
  };
  expect(client.find('branched')).toStrictEqual(made);
  expect(asks).toStrictEqual([{ directory: join(folder, 'own'), label: 'adam', asked, changes, steps: 20 }]);
  client.send({ kind: 'branch', method: 0, changes: {}, steps: 13 });
  await client.until(() => client.find('refused') !== undefined);
  expect(client.find('refused')?.message).toBe('thirteen steps are none');
  client.send({ kind: 'branch', method: 7, changes: {}, steps: 20 });
  await client.until(() => client.messages.filter(({ kind }) => kind === 'refused').length === 2);
  expect(asks).toHaveLength(2);
  client.send({ kind: 'control', action: 'pause' }); // a promise may say why it was not done
  await client.until(() => client.messages.filter(({ kind }) => kind === 'refused').length === 3);
  expect(client.messages.at(-1)).toStrictEqual({ kind: 'refused', message: 'not now' });
});

test('buttons reach the run that is always shown alone, and nothing is begun by who may only look', async () => {
  const folder = runs();
  const server = await serve({
    directory: join(folder, 'own'),
    folder,
    port: 0,
    pageFolder: folder,
    control: () => {},
    branch: async () => ({ directory: '' }),
  });
  onTestFinished(() => server.close());
  const welcomed = async (url: string, path: string) => {
    const socket = socketTo(url, { cookie: await cookieFor(url) }, path);
    const said: string[] = [];
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => said.push(String(data)) && resolve());
      socket.on('open', () => socket.send(JSON.stringify(hello)));
    });
    socket.send(JSON.stringify({ kind: 'branch', method: 0, changes: {}, steps: 20 }));
    await new Promise<void>((resolve) =>
      socket.on(
        'message',
        (data) => /refused|branched/.test(String(data)) && said.push(String(data)) && resolve(),
      ),
    );
    socket.terminate();
    const { control, branch = false, path: called } = JSON.parse(said[0]);
    return [control, branch, called, JSON.parse(said.at(-1)!).kind];
  };
  expect(await welcomed(server.url, '/live')).toEqual([true, true, 'own', 'branched']);
  expect(await welcomed(server.url, '/live?run=own')).toEqual([true, true, 'own', 'branched']);
  expect(await welcomed(server.url, '/live?run=other')).toEqual([false, true, 'other', 'branched']);
  expect(await welcomed(server.readOnlyUrl, '/live')).toEqual([false, false, 'own', 'refused']);
});

test('a slice of any run that is shown may be asked for, and by nobody who may only look', async () => {
  const folder = runs();
  const asks: unknown[] = [];
  const server = await serve({
    directory: join(folder, 'own'),
    port: 0,
    pageFolder: folder,
    slice: async (request) => {
      asks.push(request);
      if (request.along === 'eigenvectors') throw new RangeError('no Hessian here');
    },
  });
  onTestFinished(() => server.close());
  const client = await Listener.to(server.url, hello);
  await client.until(() => client.find('caughtUp') !== undefined);
  expect(client.find('welcome')).toMatchObject({ slice: true });
  client.send({ kind: 'slice', method: 0, along: 'update' });
  client.send({ kind: 'slice', method: 0, along: 'eigenvectors' });
  await client.until(() => client.find('refused') !== undefined);
  expect(client.find('refused')?.message).toBe('no Hessian here');
  const place = { directory: join(folder, 'own'), label: 'adam' };
  expect(asks).toStrictEqual([
    { ...place, along: 'update' },
    { ...place, along: 'eigenvectors' },
  ]);
  const onlooker = await Listener.to(server.readOnlyUrl, hello);
  await onlooker.until(() => onlooker.find('caughtUp') !== undefined);
  expect(onlooker.find('welcome')).not.toHaveProperty('slice');
  onlooker.send({ kind: 'slice', method: 0, along: 'update' });
  await onlooker.until(() => onlooker.find('refused') !== undefined);
  expect(asks).toHaveLength(2);
});

test('what a command line could take for more than an option ends the connection', async () => {
  const folder = runs();
  const server = await serve({
    directory: join(folder, 'own'),
    port: 0,
    pageFolder: folder,
    branch: async () => ({ directory: '' }),
  });
  onTestFinished(() => server.close());
  for (const wrong of [
    { changes: { 'a=1),adam(': 1 } },
    { changes: { guard: '--resume' } },
    { changes: { guard: 'a,b' } },
    { changes: { rate: 'cosine(from=0.1);sgd' } },
    { changes: { rate: 'cosine(from=0.1 --port=1)' } },
    { changes: { rate: { name: 'x' } } },
    { changes: [1] },
    { changes: null },
    { changes: {}, steps: 1.5 },
    { changes: {}, method: -1 },
  ]) {
    const client = await Listener.to(server.url, hello);
    client.send({ kind: 'branch', method: 0, steps: 20, ...wrong } as never);
    await client.until(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(1007);
  }
});

test('from a thread of its own, what is asked for is answered by the one that trains', async () => {
  const folder = runs();
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page', 'index.html'), '<html lang="en">');
  const dashboard = await startDashboard({
    directory: join(folder, 'own'),
    folder,
    pageFolder: join(folder, 'page'),
    control: (action) => (action === 'adjust' ? 'beta1 stays as it is' : undefined),
    branch: async ({ steps }) => {
      if (steps > 100) throw new RangeError('too many');
      return { directory: join(folder, 'made') };
    },
  });
  onTestFinished(() => dashboard.close());
  const { body } = await get(dashboard.url, '/', { cookie: await cookieFor(dashboard.url) });
  expect(body, 'the run comes first, not the list').toBe('<html lang="en">');
  const client = await Listener.to(dashboard.url, hello);
  client.send({ kind: 'control', action: 'pause' });
  client.send({ kind: 'control', action: 'adjust', method: 0, option: 'damping', value: 1 });
  client.send({ kind: 'branch', method: 0, changes: {}, steps: 101 });
  client.send({ kind: 'branch', method: 0, changes: {}, steps: 100 });
  await client.until(() => client.find('branched') !== undefined);
  expect(client.messages.filter(({ kind }) => kind === 'refused')).toStrictEqual([
    { kind: 'refused', message: 'beta1 stays as it is' },
    { kind: 'refused', message: 'too many' },
  ]);
  expect(client.find('branched')).toStrictEqual({
    kind: 'branched',
    directory: join(folder, 'made'),
    path: 'made',
  });
});
