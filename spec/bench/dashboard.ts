import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { StepTaken } from '../../dashboard/record/events.js';
import { LogReader, logName, RunLog } from '../../dashboard/record/log/index.js';
import { answer, ask, begin, type Crowd, type Trained } from './watched-training.js';

interface Setting {
  readonly what: 'mnist' | 'rosenbrock';
  /** Of the kernels. */
  readonly threads: number;
  readonly count: number;
  /** How many of them never read. */
  readonly deaf: number;
}

const settings: readonly Setting[] = [
  { what: 'mnist', threads: 1, count: 1_000, deaf: 100 },
  { what: 'mnist', threads: 2, count: 1_000, deaf: 100 },
  { what: 'mnist', threads: 2, count: 50, deaf: 10 },
  { what: 'mnist', threads: 2, count: 1, deaf: 0 },
  { what: 'rosenbrock', threads: 1, count: 50, deaf: 10 },
  { what: 'rosenbrock', threads: 1, count: 1, deaf: 0 },
];
/** How often it trains with them and without, for how long, and when it begins with no further setting. */
const rounds = 4;
const secondsARound = 2;
const limitSeconds = 150;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The memory of a process now, or the most since that was reset, in MiB. */
const memory = (pid: number, which: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

/**
 * What it costs a run that others look on: it trains by turns with them and without, so that what the machine does
 * meanwhile meets both alike. All share the machine's cores. The processor time is that of the run's own threads;
 * the time on the clock counts what the others took from it as well, the clients' process before all.
 */
async function compare(
  print: (line: string) => void,
  { what, threads, count, deaf }: Setting,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fluxion-bench-'));
  const training = begin('trainer', { directory, what, threads });
  const pid = training.pid!;
  const { url, kernels } = await answer<{ url: string; kernels: string }>(training);
  const looking = begin('clients', { url, count, deaf });
  try {
    await answer(looking);
    await ask<Trained>(training, { steps: 100 });
    const tried = await ask<Trained>(training, { steps: 100 });
    const steps = Math.ceil((secondsARound * 1000 * tried.steps) / tried.milliseconds);
    const train = () => ask<Trained>(training, { steps });
    const own = memory(pid, 'VmRSS');
    const alone = [await train()];
    const watched: (Trained & { frames: number; others: number })[] = [];
    for (let round = 0; round < rounds; round++) {
      const joined = await ask<Crowd>(looking, { join: true });
      const trained = await train();
      const read = await ask<Crowd>(looking, { leave: true });
      watched.push({
        ...trained,
        frames: read.frames - joined.frames,
        others: read.processor - joined.processor,
      });
      await setTimeout(200);
      alone.push(await train());
    }
    const slower = (of: 'main' | 'training' | 'milliseconds') =>
      percent(median(watched.map((it, i) => (2 * it[of]) / (alone[i][of] + alone[i + 1][of]))) - 1);
    const each = (of: (it: (typeof watched)[number]) => number) =>
      median(watched.map((it) => of(it) / it.milliseconds));
    const step = (median(alone.map((it) => it.milliseconds)) / steps) * 1000;
    print(
      `  ${what} (${kernels}), ${step.toFixed(1)} µs a step alone, ${count} clients, ${deaf} of which never read:`,
    );
    print(
      `    slower by ${slower('main')} of the training thread's processor time, ${slower('training')} of that of all its ` +
        `threads, ${slower('milliseconds')} on the clock`,
    );
    print(
      `    ${(each((it) => it.frames * 1000) / count).toFixed(1)} messages a second to each; of one core the server takes ` +
        `${percent(each((it) => it.server))}, the clients ${percent(each((it) => it.others))}`,
    );
    if (deaf > 0) print(`    ${await readOn(training, looking, own)}`);
  } finally {
    training.kill('SIGKILL');
    looking.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }

  /** So much is written that what waits for the deaf finds its bound; then all of them read on. */
  async function readOn(run: typeof training, crowd: typeof looking, before: number): Promise<string> {
    await ask<Crowd>(crowd, { join: true });
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const { steps, seq } = await ask<Trained>(run, { steps: 60_000, rate: 20_000 });
    const { connected, missing } = await ask<Crowd>(crowd, { until: seq });
    return (
      `${steps} steps written at once: the run and its server hold ${before.toFixed(0)} MiB before, ` +
      `${memory(pid, 'VmHWM').toFixed(0)} at most; then ${connected} clients read on to the end, ${missing} events missing`
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
  print('The dashboard attached to a recorded run (mlp 784-128-10 on MNIST, rosenbrock), medians of ratios');
  const started = performance.now();
  for (const setting of settings) {
    const passed = (performance.now() - started) / 1000;
    if (passed > limitSeconds)
      print(`  ${setting.what}, ${setting.count} clients: left out after ${passed.toFixed(0)} s`);
    else await compare(print, setting);
  }
}
