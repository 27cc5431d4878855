import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import type { RunStarted } from '../../dashboard/record/events.js';
import { readLog } from '../../dashboard/record/log/index.js';
import { adam, kfac, type Method, muon, onBatch, Random, soap, type Tree } from '../../src/index.js';
import type { BackendName } from '../../src/tensors/backend.js';
import {
  autoencoder,
  type Batch,
  kernelsInUse,
  mnist,
  reconstruction,
  tensors,
  useBackend,
} from '../../src/tensors/index.js';
import { averagedParameters, averages } from '../../src/transforms/index.js';
import { batches } from '../../streams/index.js';
import { kfacJax, type Turn } from './peers/kfac-jax.js';
import { stepping } from './stepping.js';

/** Squared errors along a run, as docs/autoencoder.json keeps it. */
export interface RecordedErrors {
  readonly method: string;
  readonly seed: number;
  /** After how many steps, and the squared error there. */
  readonly errors: readonly (readonly [steps: number, error: number])[];
}

/** The runs of records of `fluxion race autoencoder`. */
function recorded(folder: string): RecordedErrors[] {
  const events = [...readLog(folder)].map(({ event }) => event);
  const { methods, seed } = events[0] as RunStarted;
  return methods.map(({ asked, label }, i) => ({
    method: asked ?? label,
    seed,
    errors: events.flatMap((event) =>
      event.kind === 'evaluation' && event.method === i && event.squaredError !== undefined
        ? [[event.step, Number(event.squaredError.toPrecision(4))] as const]
        : [],
    ),
  }));
}

const methods: Readonly<Record<string, () => Method>> = {
  kfac: () => kfac(),
  'kfac(burnIn=4)': () => kfac({ burnIn: 4 }),
  'muon(learningRate=0.02)': () => muon({ learningRate: 0.02 }),
  'soap(learningRate=0.003)': () => soap({ learningRate: 0.003 }),
  'adam(learningRate=0.001)': () => adam({ learningRate: 0.001 }),
};

/** Squared errors to come to, and within how many steps kfac is to, as it comes and at its best. */
const goals = [
  { error: 8.05, within: { kfac: 46, 'kfac(burnIn=4)': 40 } },
  { error: 4.6, within: { kfac: 95, 'kfac(burnIn=4)': 80 } },
] as const;

/** Steps between two evaluations, and between two turns of the peer. */
const every = 5;
/** Turns of the peer in which it compiles: they count for steps, not for time. */
const compiling = 3;
const mostSteps = 400;

/** What a method has come to, turn by turn. */
class Approach {
  readonly #turns: Turn[] = [];
  readonly #met = new Map<number, number>();

  see(turn: Turn, name: string): void {
    this.#turns.push(turn);
    const processor = total(this.#turns.map((one) => one.processor)).toFixed(1);
    process.stderr.write(
      `  ${name}: ${turn.error.toPrecision(4)} after ${turn.steps} steps, ${processor} s of processor\n`,
    );
    for (const { error } of goals) {
      if (turn.error <= error && !this.#met.has(error)) this.#met.set(error, turn.steps);
    }
  }

  get over(): boolean {
    return this.#met.size === goals.length;
  }

  /** Until a goal was met; with some turns skipped, the mean time of the others stands for each. */
  until(error: number, skipped = 0): Omit<Turn, 'error'> | undefined {
    const steps = this.#met.get(error);
    if (steps === undefined) return undefined;
    const took = (of: 'seconds' | 'processor') => {
      const times = this.#turns.map((turn) => turn[of]);
      if (skipped === 0) return total(times.slice(0, steps / every));
      return (total(times.slice(skipped)) / (times.length - skipped)) * (steps / every);
    };
    return { steps, seconds: took('seconds'), processor: took('processor') };
  }

  told(skipped = 0): string {
    const all = goals.map(({ error }) => this.until(error, skipped));
    const shown = all.map(
      (at) =>
        at && `${at.steps} steps, ${at.seconds.toFixed(1)} s, ${at.processor.toFixed(1)} s of processor`,
    );
    return shown.map((text) => text ?? '–').join(' · ');
  }
}

const total = (times: readonly number[]) => times.reduce((sum, time) => sum + time, 0);

/**
 * Steps, seconds and seconds of processor of each method to a squared error of 8.05 and of 4.6 on the deep autoencoder,
 * evaluations aside; kfac by turns with kfac-jax, where `FLUXION_PYTHON` has it.
 *
 *   npm run bench -- autoencoder
 *   npx tsx spec/bench/autoencoder.ts runs/a runs/b         gathers records of races in docs/autoencoder.json instead
 *   npx tsx spec/bench/autoencoder.ts --on wasm kfac 2      on one backend, the methods whose names have that, a seed
 */
export async function bench(asked?: BackendName, among = '', seed = 1): Promise<void> {
  const backend = await useBackend(asked);
  const examples = await mnist('train');
  const problem = reconstruction(autoencoder([784, 1_000, 500, 250, 30]), {
    ridge: 1e-5,
    measured: { ...examples, size: 10_000 },
    test: { ...(await mnist('test')), size: 1 },
  });
  const errorAt = (parameters: Tree<tf.Tensor>) =>
    tensors.scope(() => problem.evaluate!(parameters).squaredError!);
  console.log(`The deep autoencoder, ${kernelsInUse()}, seed ${seed}: to a squared error of 8.05 and of 4.6`);
  for (const [name, create] of Object.entries(methods).filter(([name]) => name.includes(among))) {
    const method = create();
    const cursor = batches(examples, { size: 1_000, seed, replacement: true }).open();
    let batch: Batch | undefined;
    const objective = onBatch(problem, () => batch!);
    const run = stepping(method, problem, objective, new Random(seed).fork('start'));
    const peer = name === 'kfac' ? await kfacJax(seed) : undefined;
    const [ours, theirs] = [new Approach(), new Approach()];
    for (let steps = every; steps <= mostSteps && !(ours.over && (theirs.over || !peer)); steps += every) {
      if (!ours.over) {
        let [seconds, processor] = [0, 0];
        for (let i = 0; i < every; i++) {
          batch = (await cursor.next()) as Batch;
          const [from, fromProcessor] = [performance.now(), spent()];
          run.step();
          seconds += (performance.now() - from) / 1_000;
          processor += spent() - fromProcessor;
          cursor.release(batch);
        }
        const now = averages(method) ? averagedParameters(method, run.state) : run.parameters;
        ours.see({ steps, seconds, processor, error: errorAt(now) }, name);
      }
      if (peer !== undefined && !theirs.over) theirs.see(await peer.turn(every), 'kfac-jax');
    }
    peer?.end();
    run.release();
    console.log(`  ${name.padEnd(26)} ${ours.told()}`);
    if (peer !== undefined) console.log(`  ${'kfac-jax'.padEnd(26)} ${theirs.told(compiling)}`);
    else if (name === 'kfac') console.log(`  ${'kfac-jax'.padEnd(26)} not present (FLUXION_PYTHON)`);
    for (const { error, within } of goals) {
      if (!Object.hasOwn(within, name)) continue;
      const [mine, their] = [ours.until(error), theirs.until(error, compiling)];
      verdict(`to ${error}, steps`, mine?.steps ?? Number.NaN, within[name as keyof typeof within]);
      if (mine === undefined || their === undefined) continue;
      const most = backend === 'tfjs-node' ? 1 : 2.5;
      verdict(`to ${error}, seconds ÷ kfac-jax’s`, mine.seconds / their.seconds, most);
      verdict(`to ${error}, of processor`, mine.processor / their.processor, most);
    }
  }
}

function verdict(what: string, value: number, most: number): void {
  const shown = Number(value.toFixed(2));
  console.log(`    ${what}: ${shown}, goal ≤ ${most}: ${value <= most ? 'met' : 'missed'}`);
}

/** Seconds of processor that this process has had, all threads together: on a shared machine the clock lies. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

if (basename(process.argv[1] ?? '') === 'autoencoder.ts') {
  const [first, ...others] = process.argv.slice(2);
  if (first === '--on') {
    const [backend, among, seed] = others;
    await bench(backend as BackendName, among, seed === undefined ? undefined : Number(seed));
    process.exit(0);
  }
  const lines = process.argv
    .slice(2)
    .flatMap(recorded)
    .map((run) => JSON.stringify(run));
  writeFileSync(join(import.meta.dirname, '../../docs/autoencoder.json'), `[\n${lines.join(',\n')}\n]\n`);
}
