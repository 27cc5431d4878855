import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, type OperatorFunction, pipe, tap } from 'rxjs';
import type { StepTaken } from '../../dashboard/record/events.js';
import { LogReader, logName, RunLog } from '../../dashboard/record/log/index.js';
import { startDashboard } from '../../dashboard/server/index.js';
import { adam, fromFunction, rosenbrock } from '../../src/index.js';
import type { Problem } from '../../src/objective/problem.js';
import { classification, mlp, mnist, useBackend } from '../../src/tensors/index.js';
import {
  type Batches,
  batches,
  type Frame,
  gradient,
  lifted,
  train,
  withoutBatches,
} from '../../streams/index.js';

interface Watchers {
  readonly clients: number;
  /** How many of them never read. */
  readonly deaf: number;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/** Milliseconds of a recorded run, nobody or somebody watching, and the memory it took. */
async function run<T, B>(
  problem: Problem<T, B>,
  source: Batches<B>,
  steps: number,
  watchers: Watchers | undefined,
): Promise<{ milliseconds: number; grown: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'fluxion-bench-'));
  const log = RunLog.create(directory);
  log.append({ kind: 'run', run: directory, problem: 'bench', created: '', seed: 0, steps, methods: [] });
  log.flush();
  const dashboard = watchers && (await startDashboard({ directory }));
  let clients: ChildProcess | undefined;
  if (watchers !== undefined) {
    clients = fork(fileURLToPath(new URL('./dashboard-clients.ts', import.meta.url)));
    clients.send({ url: dashboard!.url, ...watchers });
    await once(clients, 'message');
  }
  const pipeline: OperatorFunction<Frame<T>, Frame<T>> = pipe(
    gradient(),
    lifted(adam({ learningRate: 1e-4 })),
  );
  const before = process.memoryUsage().rss;
  const started = performance.now();
  await lastValueFrom(
    train<T, B>(problem, source, pipeline, { steps }).pipe(
      tap(({ step, lossValue: loss, gradientNorm, updateNorm, milliseconds }) => {
        const seconds = (performance.now() - started) / 1000;
        log.append({ kind: 'step', method: 0, step, seconds, loss, gradientNorm, updateNorm, milliseconds });
      }),
    ),
  );
  const milliseconds = performance.now() - started;
  const grown = process.memoryUsage().rss - before;
  log.close();
  if (clients !== undefined) {
    clients.send('end');
    await once(clients, 'exit');
  }
  await dashboard?.close();
  rmSync(directory, { recursive: true });
  return { milliseconds, grown };
}

const usual: readonly (readonly [string, Watchers])[] = [
  ['1 client', { clients: 1, deaf: 0 }],
  ['50 clients, 10 never read', { clients: 50, deaf: 10 }],
];
const crowd: readonly (readonly [string, Watchers])[] = [
  ['1,000 clients, 100 never read', { clients: 1_000, deaf: 100 }],
];

/** Prints how much longer a run takes with others watching: by turns, in pairs with one that nobody watches. */
async function compare<T, B>(
  print: (line: string) => void,
  name: string,
  problem: Problem<T, B>,
  source: Batches<B>,
  steps: number,
  rounds: number,
  settings: readonly (readonly [string, Watchers])[] = usual,
): Promise<void> {
  await run(problem, source, steps, undefined); // warms up
  for (const [label, watchers] of settings) {
    const ratios: number[] = [];
    const alone: number[] = [];
    let grown = 0;
    for (let round = 0; round < rounds; round++) {
      // Before and behind: what the machine does meanwhile meets both alike.
      const first = await run(problem, source, steps, undefined);
      const watched = await run(problem, source, steps, watchers);
      const second = await run(problem, source, steps, undefined);
      ratios.push((2 * watched.milliseconds) / (first.milliseconds + second.milliseconds));
      alone.push(first.milliseconds, second.milliseconds);
      grown = Math.max(grown, watched.grown);
    }
    const each = ((median(alone) / steps) * 1000).toFixed(1).padStart(9);
    const slower = ((median(ratios) - 1) * 100).toFixed(1).padStart(6);
    print(
      `  ${name.padEnd(14)}${label.padEnd(32)}${each} µs/step alone ${slower} % slower, memory +${mebibytes(grown)} MiB`,
    );
  }
}

function benchLog(print: (line: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'fluxion-bench-'));
  const steps = 1_000_000;
  const log = RunLog.create(directory);
  const event: { -readonly [K in keyof StepTaken]: StepTaken[K] } = {
    kind: 'step',
    method: 0,
    step: 0,
    seconds: 0,
    loss: 1,
    gradientNorm: 1,
    updateNorm: 1,
    milliseconds: 1,
  };
  const started = performance.now();
  for (let i = 0; i < steps; i++) {
    event.step = i;
    event.loss = 1 / (1 + i);
    log.append(event);
  }
  const appended = performance.now() - started;
  log.close();
  const size = statSync(join(directory, logName)).size;
  const opening = performance.now();
  const reader = new LogReader(directory);
  const opened = performance.now();
  reader.summary(0, 'loss', 0, steps, 1000);
  const summed = performance.now();
  reader.close();
  rmSync(directory, { recursive: true });
  print(
    `Log of ${steps} steps: ${((appended / steps) * 1000).toFixed(2)} µs/step to append, ${mebibytes(size)} MiB`,
  );
  print(
    `  opened in ${(opened - opening).toFixed(1)} ms, summed up in 1000 buckets in ${(summed - opened).toFixed(1)} ms`,
  );
}

/**
 * What recording costs, and what watching does: at most 2 % for one client, 5 % for fifty of whom ten never read and for
 * a thousand of whom a hundred never read.
 */
export async function bench(print: (line: string) => void = console.log): Promise<void> {
  benchLog(print);
  const backend = await useBackend();
  const examples = batches(await mnist('train'), { size: 128, seed: 1 });
  print(`The dashboard attached to a recorded run (mlp 784-128-10 on MNIST: ${backend}), median of ratios`);
  await compare(print, 'mnist', classification(mlp([784, 128, 10])), examples, 1_200, 3);
  await compare(print, 'mnist', classification(mlp([784, 128, 10])), examples, 1_200, 3, crowd);
  await compare(print, 'rosenbrock', fromFunction(rosenbrock(2)), withoutBatches(), 100_000, 5);
}
