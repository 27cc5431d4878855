import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { logName, RunLog } from '../../dashboard/record/log/index.js';
import { socketPath } from '../../dashboard/server/protocol.js';
import { serve } from '../../dashboard/server/serve.js';

/** Each side in a process of its own: the server, the run, the browsers, and one who measures. */
const roles = { server, bare, writer, clients, probe } as const;

type Role = keyof typeof roles;

async function server({ directory }: { directory: string }): Promise<void> {
  const { url } = await serve({ directory, port: 0, pageFolder: directory });
  process.send!({ url });
  // A busy machine delays everybody: what the server itself keeps its thread for is told by the processor's time.
  let longest = 0;
  let before = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.cpuUsage();
  }, 1);
  process.on('message', () => process.send!({ longest }));
}

/** Answers at once, and does nothing else: how long that takes is the machine's doing. */
async function bare(): Promise<void> {
  const server = createServer((_, answer) => answer.end('ok'));
  server.listen(0, '127.0.0.1', () =>
    process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  );
}

/** Writes `rate` steps a second for some seconds; with no rate as fast as it goes, up to so many bytes. */
async function writer(told: {
  directory: string;
  rate?: number;
  seconds?: number;
  bytes?: number;
}): Promise<void> {
  const { directory, rate = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY, bytes } = told;
  const log = RunLog.reopen(directory);
  const started = performance.now();
  let step = log.seq;
  const first = step;
  for (;;) {
    const passed = (performance.now() - started) / 1000;
    if (passed > seconds || (bytes !== undefined && statSync(join(directory, logName)).size > bytes)) break;
    const due = Math.min(first + rate * passed, step + 100_000);
    for (; step < due; step++) {
      const loss = 1 / (1 + step);
      log.append({
        kind: 'step',
        method: 0,
        step,
        seconds: passed,
        loss,
        gradientNorm: loss,
        updateNorm: loss,
        milliseconds: 0.01,
      });
    }
    await setTimeout(1);
  }
  log.close();
  process.send!({ written: step - first });
}

async function cookieOf(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  return answer.headers.get('set-cookie')!.split(';')[0];
}

/** Opens clients that read all; each then asks for so many summaries at once. */
async function clients({
  url,
  count,
  requests,
}: {
  url: string;
  count: number;
  requests: number;
}): Promise<void> {
  const cookie = await cookieOf(url);
  let [bytes, answers] = [0, 0];
  const sockets = Array.from({ length: count }, () => {
    const socket = new WebSocket(`ws://${new URL(url).host}${socketPath}`, { headers: { cookie } });
    socket.on('open', () => socket.send('{"kind":"hello","lastSeq":0}'));
    socket.on('close', (_, why) => {
      if (why.length > 0) throw new Error(`the server closed a client: ${why}`);
    });
    socket.on('message', (data: Buffer, isBinary) => {
      bytes += data.length;
      if (isBinary && data[0] === 2 && data.readDoubleLE(8) > 0) answers++;
    });
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'message')));
  process.send!('ready');
  const started = performance.now();
  const request = { kind: 'summary', method: 0, series: 'loss', from: 0, to: 1e9, buckets: 1000 };
  for (const socket of sockets) {
    for (let id = 1; id <= requests; id++) socket.send(JSON.stringify({ ...request, id }));
  }
  const asked = requests * count;
  while (answers < asked) await setTimeout(20);
  const seconds = (performance.now() - started) / 1000;
  process.once('message', () => process.send!({ bytes, answers, seconds }));
}

/** Asks for the page every 20 ms, and says how long the answers took. */
async function probe({ url, bare }: { url: string; bare: string }): Promise<void> {
  const cookie = await cookieOf(url);
  const taken: number[] = [];
  const takenByBare: number[] = [];
  let done = false;
  process.once('message', () => (done = true));
  process.send!('ready');
  while (!done) {
    for (const [address, times] of [
      [url, taken],
      [bare, takenByBare],
    ] as const) {
      const started = performance.now();
      await new Promise<void>((resolve, reject) => {
        get(new URL('/', address), { headers: { cookie }, agent: false }, (answer) => {
          answer.resume().on('end', resolve);
        }).on('error', reject);
      });
      times.push(performance.now() - started);
    }
    await setTimeout(20);
  }
  process.send!({ taken, takenByBare });
}

function begin(role: Role, told: object): ChildProcess {
  const child = fork(fileURLToPath(import.meta.url), [role]);
  child.send(told);
  return child;
}

const said = async (child: ChildProcess) => (await once(child, 'message'))[0];

async function ended(child: ChildProcess) {
  child.send('end');
  const result = await said(child);
  child.disconnect();
  return result;
}

/** The most memory a process has held, in MiB. */
const peak = ({ pid }: ChildProcess) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

function quantiles(times: number[]): string {
  times.sort((a, b) => a - b);
  return [times[times.length >> 1], times[Math.floor(0.99 * times.length)], times.at(-1)!]
    .map((time) => time.toFixed(1))
    .join(' / ');
}

/** What a probe said, and the server. */
async function told(measuring: ChildProcess, server: ChildProcess): Promise<string> {
  const { taken, takenByBare } = await ended(measuring);
  server.send('end');
  const { longest } = await said(server);
  return (
    `HTTP median / 99 % / most ${quantiles(taken)} ms (a bare server's ${quantiles(takenByBare)}), ` +
    `${longest.toFixed(1)} ms of processor at a time; peak ${peak(server).toFixed(0)} MiB`
  );
}

async function served(
  work: (directory: string, urls: { url: string; bare: string }, server: ChildProcess) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fluxion-bench-'));
  const log = RunLog.create(directory);
  const method = { name: 'adam', label: 'adam', options: {}, operators: [] };
  log.append({
    kind: 'run',
    run: 'a',
    problem: 'bench',
    created: '',
    seed: 0,
    steps: 1e9,
    methods: [method],
  });
  log.close();
  const server = begin('server', { directory });
  const other = begin('bare', {});
  try {
    const [{ url }, { url: bare }] = await Promise.all([said(server), said(other)]);
    await work(directory, { url, bare }, server);
  } finally {
    server.kill('SIGKILL');
    other.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}

/** How soon HTTP is answered, and what memory the server takes, under what clients and a run can do to it. */
export async function bench(print: (line: string) => void = console.log): Promise<void> {
  print('The server under load; each side in a process of its own');
  await served(async (directory, { url, bare }, server) => {
    const reading = begin('clients', { url, count: 40, requests: 0 });
    await said(reading);
    const measuring = begin('probe', { url, bare });
    await said(measuring);
    const writing = begin('writer', { directory, rate: 180_000, seconds: 8 });
    const { written } = await said(writing);
    writing.disconnect();
    const latency = await told(measuring, server);
    const { bytes } = await ended(reading);
    const rate = Math.round(written / 8000);
    print(`  ${rate},000 steps/s, 40 clients (${(bytes / 2 ** 20).toFixed(0)} MiB read): ${latency}`);
  });
  await served(async (directory, { url, bare }, server) => {
    const writing = begin('writer', { directory, bytes: 100e6 });
    await said(writing);
    writing.disconnect();
    const measuring = begin('probe', { url, bare });
    await said(measuring);
    const asking = begin('clients', { url, count: 12, requests: 850 });
    await said(asking);
    const { answers, seconds } = await ended(asking);
    print(
      `  ${answers} summaries of 1000 buckets in ${seconds.toFixed(1)} s: ${await told(measuring, server)}`,
    );
  });
  await served(async (directory, { url, bare }, server) => {
    const reading = begin('clients', { url, count: 2, requests: 0 });
    await said(reading);
    await setTimeout(500);
    const before = peak(server);
    server.kill('SIGSTOP');
    const writing = begin('writer', { directory, bytes: 400e6 });
    await said(writing);
    writing.disconnect();
    server.kill('SIGCONT');
    const measuring = begin('probe', { url, bare });
    await said(measuring);
    await setTimeout(6000);
    const latency = await told(measuring, server);
    await ended(reading);
    print(`  400 MB written behind a stopped server: peak before ${before.toFixed(0)} MiB; ${latency}`);
  });
  await served(async (_, { url }) => {
    const { hostname, port } = new URL(url);
    let open = 0;
    const silent: Socket[] = [];
    // No more at a time than the system lets wait to be accepted.
    for (let group = 0; group < 30; group++) {
      const sockets = Array.from({ length: 100 }, () => connect(Number(port), hostname).resume());
      for (const socket of sockets) {
        socket
          .on('connect', () => open++)
          .on('close', () => open--)
          .on('error', () => undefined);
      }
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      silent.push(...sockets);
    }
    const started = performance.now();
    const answer = await Promise.race([fetch(url, { redirect: 'manual' }), setTimeout(20_000)]).catch(
      () => undefined,
    );
    const took = performance.now() - started;
    while (open > 0 && performance.now() - started < 60_000) await setTimeout(100);
    const closed = (performance.now() - started) / 1000;
    for (const socket of silent) socket.destroy();
    print(
      `  3000 silent connections: the page ${answer ? `came after ${took.toFixed(0)} ms` : 'did not come'}; all closed after ${closed.toFixed(1)} s`,
    );
  });
}

if (process.send !== undefined && process.argv[2] in roles) {
  const [told] = await once(process, 'message');
  await roles[process.argv[2] as Role](told);
}
