import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, type OperatorFunction, pipe, tap } from 'rxjs';
import { WebSocket } from 'ws';
import { RunLog } from '../../dashboard/record/log/index.js';
import { startDashboard } from '../../dashboard/server/index.js';
import { socketPath } from '../../dashboard/server/protocol.js';
import { adam, fromFunction, rosenbrock } from '../../src/index.js';
import type { Problem } from '../../src/objective/problem.js';
import { classification, kernelsInUse, mlp, mnist, useBackend } from '../../src/tensors/index.js';
import {
  type Batches,
  batches,
  type Frame,
  gradient,
  lifted,
  train,
  withoutBatches,
} from '../../streams/index.js';

/** The run and its server in one process, as they are, and those who look on in another, as browsers are. */
const roles = { trainer, clients } as const;

type Role = keyof typeof roles;

/** Milliseconds of processor time. */
interface ProcessorTime {
  /** Of the thread that the steps are taken on. */
  readonly main: number;
  /** Of all threads but the server's: those that the kernels are shared among as well. */
  readonly training: number;
  readonly server: number;
}

/** What came of some steps. */
export interface Trained extends ProcessorTime {
  readonly milliseconds: number;
  readonly steps: number;
  /** The number of the newest event. */
  readonly seq: number;
}

/** What those who look on tell of themselves. */
export interface Crowd {
  /** Messages that came since the beginning. */
  readonly frames: number;
  /** Milliseconds of processor time since the beginning. */
  readonly processor: number;
  readonly connected: number;
  /** Events that were not shown to one of them, by itself or in a summary. */
  readonly missing: number;
}

/** Linux alone tells it by the thread; the server's is the one that stands back. */
function processorTime(): ProcessorTime {
  const time = { main: 0, training: 0, server: 0 };
  for (const thread of readdirSync('/proc/self/task')) {
    const milliseconds =
      Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    const afterName = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1].split(' ');
    const niceness = Number(afterName[16]);
    time[niceness === 0 ? 'training' : 'server'] += milliseconds;
    if (Number(thread) === process.pid) time.main = milliseconds;
  }
  return time;
}

/** Trains or writes as many steps as it is told, whenever it is told. */
async function trainer(told: {
  directory: string;
  what: 'mnist' | 'rosenbrock';
  threads: number;
}): Promise<void> {
  const { directory, what, threads } = told;
  if (what === 'mnist') await useBackend('wasm', { threads });
  const log = RunLog.create(directory);
  const method = { name: 'adam', label: 'adam', options: {}, operators: [] };
  log.append({
    kind: 'run',
    run: directory,
    problem: 'bench',
    created: '',
    seed: 0,
    steps: 1e9,
    methods: [method],
  });
  log.flush();
  const dashboard = await startDashboard({ directory });
  const began = performance.now();
  const optimizer = <T>(): OperatorFunction<Frame<T>, Frame<T>> =>
    pipe(gradient(), lifted(adam({ learningRate: 1e-4 })));
  const learn = async <T, B>(problem: Problem<T, B>, source: Batches<B>, steps: number): Promise<void> => {
    await lastValueFrom(
      train<T, B>(problem, source, optimizer<T>(), { steps }).pipe(
        tap(({ lossValue, gradientNorm, updateNorm, milliseconds }) =>
          write(lossValue, gradientNorm, updateNorm, milliseconds),
        ),
      ),
    );
  };
  let step = 0;
  const write = (loss: number, gradientNorm: number, updateNorm: number, milliseconds: number): void => {
    const seconds = (performance.now() - began) / 1000;
    log.append({
      kind: 'step',
      method: 0,
      step: step++,
      seconds,
      loss,
      gradientNorm,
      updateNorm,
      milliseconds,
    });
  };
  /** Only written, at a rate: as if a step took no time. */
  const pretend = async (steps: number, rate: number): Promise<void> => {
    const started = performance.now();
    for (let written = 0; written < steps; await setTimeout(1)) {
      const due = Math.min(steps, (rate * (performance.now() - started)) / 1000);
      for (; written < due; written++) write(1 / (1 + step), 1, 1, 0.01);
    }
  };
  const network = classification(mlp([784, 128, 10]));
  const examples = what === 'mnist' ? batches(await mnist('train'), { size: 128, seed: 1 }) : undefined;
  process.on('message', async ({ steps, rate }: { steps: number; rate?: number }) => {
    const before = processorTime();
    const started = performance.now();
    if (rate !== undefined) await pretend(steps, rate);
    else if (examples !== undefined) await learn(network, examples, steps);
    else await learn(fromFunction(rosenbrock(2)), withoutBatches(), steps);
    const milliseconds = performance.now() - started;
    const after = processorTime();
    log.flush();
    process.send!({
      milliseconds,
      steps,
      seq: log.seq,
      main: after.main - before.main,
      training: after.training - before.training,
      server: after.server - before.server,
    } satisfies Trained);
  });
  process.send!({ url: dashboard.url, kernels: what === 'mnist' ? kernelsInUse() : 'float64' });
}

/** What one client has seen. */
interface Seen {
  seq: number;
  missing: number;
  socket: WebSocket | undefined;
}

/** Joins and leaves as it is told; tells in the end what each has not seen. Every one counts every event. */
async function clients({ url, count, deaf }: { url: string; count: number; deaf: number }): Promise<void> {
  const { headers } = await fetch(url, { redirect: 'manual' });
  const cookie = headers.get('set-cookie')!.split(';')[0];
  const seen: Seen[] = Array.from({ length: count }, () => ({ seq: 0, missing: 0, socket: undefined }));
  let frames = 0;
  const take = (one: Seen, first: number, end: number) => {
    if (first > one.seq + 1) one.missing += first - one.seq - 1;
    one.seq = Math.max(one.seq, end - 1);
  };
  const join = (one: Seen, isDeaf: boolean) =>
    new Promise<void>((resolve) => {
      const socket = new WebSocket(`ws://${new URL(url).host}${socketPath}`, {
        headers: { cookie },
        perMessageDeflate: false,
      });
      one.socket = socket;
      socket.on('open', () => socket.send(`{"kind":"hello","lastSeq":${one.seq}}`));
      socket.on('error', () => undefined); // what it says, 'close' says as well
      socket.on('close', () => {
        if (one.socket === socket) one.socket = undefined;
        resolve();
      });
      socket.on('message', (data: Buffer, isBinary) => {
        frames++;
        if (isBinary) {
          if (data[0] === 1) take(one, data.readDoubleLE(8), data.readDoubleLE(8) + data.readUInt32LE(4));
          return;
        }
        const message = JSON.parse(data.toString()) as {
          kind: string;
          from: number;
          to: number;
          events: { seq: number }[];
        };
        if (message.kind === 'events') for (const { seq } of message.events) take(one, seq, seq + 1);
        if (message.kind === 'skipped') take(one, message.from, message.to + 1); // what stands for them follows
        if (message.kind !== 'caughtUp') return;
        if (isDeaf) socket.pause();
        resolve();
      });
    });
  process.on('message', async (told: { join?: true; leave?: true; until?: number }) => {
    if (told.join) {
      // No more at a time than the system lets wait to be accepted.
      for (let i = 0; i < count; i += 50)
        await Promise.all(seen.slice(i, i + 50).map((one, j) => one.socket ?? join(one, i + j < deaf)));
    } else if (told.leave) {
      for (const { socket } of seen) socket?.terminate();
    } else if (told.until !== undefined) {
      for (const { socket } of seen) socket?.resume();
      while (seen.some(({ seq, socket }) => socket !== undefined && seq < told.until!)) await setTimeout(20);
    }
    const { user, system } = process.cpuUsage();
    process.send!({
      frames,
      processor: (user + system) / 1000,
      connected: seen.filter(({ socket }) => socket !== undefined).length,
      // what lies behind the end of one that is gone is missing as well
      missing: seen.reduce(
        (sum, { missing, seq }) => sum + missing + Math.max(0, (told.until ?? 0) - seq),
        0,
      ),
    });
  });
  process.send!('ready');
}

export function begin(role: Role, told: object): ChildProcess {
  const child = fork(fileURLToPath(import.meta.url), [role]);
  child.send(told);
  return child;
}

export async function answer<T>(child: ChildProcess): Promise<T> {
  return (await once(child, 'message'))[0] as T;
}

export function ask<T>(child: ChildProcess, told: object): Promise<T> {
  child.send(told);
  return answer<T>(child);
}

if (process.send !== undefined && process.argv[2] in roles) {
  const [told] = await once(process, 'message');
  await roles[process.argv[2] as Role](told);
}
