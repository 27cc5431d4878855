import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import type { RunStarted } from '../../dashboard/record/events.js';
import { readLog } from '../../dashboard/record/log/index.js';
import { adam, kfac, type Method, muon, soap } from '../../src/index.js';
import { autoencoder, kernelsInUse, mnist, reconstruction, useBackend } from '../../src/tensors/index.js';
import { averages } from '../../src/transforms/index.js';
import { batches, evaluate, gradient, lifted, train } from '../../streams/index.js';

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
  'kfac()': () => kfac(),
  'kfac(average=0.8)': () => kfac({ average: 0.8 }),
  'muon(learningRate=0.02)': () => muon({ learningRate: 0.02 }),
  'soap(learningRate=0.003)': () => soap({ learningRate: 0.003 }),
  'adam(learningRate=0.001)': () => adam({ learningRate: 0.001 }),
};

/**
 * Steps and seconds of each method to a squared error of 8.05 and of 4.6 on the deep autoencoder, evaluations aside.
 *
 *   npm run bench -- autoencoder
 *   npx tsx spec/bench/autoencoder.ts runs/a runs/b    gathers records of races in docs/autoencoder.json instead
 */
export async function bench(): Promise<void> {
  await useBackend();
  const [examples, test] = [await mnist('train'), await mnist('test')];
  const problem = reconstruction(autoencoder([784, 1_000, 500, 250, 30]), {
    ridge: 1e-5,
    measured: { ...examples, size: 10_000 },
    test,
  });
  const source = batches(examples, { size: 1_000, seed: 1, replacement: true });
  console.log(
    `Squared error on the deep autoencoder, ${kernelsInUse()}: steps and seconds to 8.05 and to 4.6`,
  );
  for (const [name, create] of Object.entries(methods)) {
    const method = create();
    const of = averages(method) ? 'average' : 'parameters';
    const met = new Map<number, string>();
    let [seconds, before] = [0, performance.now()];
    const timed = () => void (seconds += (performance.now() - before) / 1_000);
    const run = train(
      problem,
      source,
      (frames) => frames.pipe(gradient(), lifted(method), tap(timed), evaluate({ every: 5, of })),
      { seed: 1, steps: 400 },
    );
    await lastValueFrom(
      run.pipe(
        tap((frame) => {
          const error = frame.evaluation?.squaredError ?? Number.POSITIVE_INFINITY;
          for (const goal of [8.05, 4.6]) {
            if (error <= goal && !met.has(goal))
              met.set(goal, `${frame.step + 1} steps, ${seconds.toFixed(1)} s`);
          }
          if (met.size === 2) frame.end({ kind: 'stopped', message: 'both are met' });
          before = performance.now();
        }),
      ),
    );
    console.log(`  ${name.padEnd(26)} ${met.get(8.05) ?? '–'} · ${met.get(4.6) ?? '–'}`);
  }
}

if (basename(process.argv[1] ?? '') === 'autoencoder.ts') {
  const lines = process.argv
    .slice(2)
    .flatMap(recorded)
    .map((run) => JSON.stringify(run));
  writeFileSync(join(import.meta.dirname, '../../docs/autoencoder.json'), `[\n${lines.join(',\n')}\n]\n`);
}
