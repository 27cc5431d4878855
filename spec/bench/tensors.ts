import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { Random } from '../../src/index.js';
import { start } from '../../src/tensors/backend.js';
import { classification, kernelsInUse, mlp, tensors, useBackend } from '../../src/tensors/index.js';
import { startOf } from './backend-start.js';
import { jaxGradient, pythonWithJax } from './peers/jax.js';
import { rounds } from './rounds.js';
import { stockWasm } from './stock-wasm.js';
import { type Activation, contest, examples, median, timed, widths } from './tfjs-way.js';
import { tinyVitGradient } from './tiny-vit-contest.js';

/** Milliseconds of a gradient of an MLP on WebAssembly as it comes and as repaired. */
export async function bench(): Promise<void> {
  await useBackend('wasm');
  const stock = await stockWasm();
  const { inputs, labels } = contest();
  const batch = {
    inputs: tensors.array(inputs, [examples, widths[0]]),
    labels: tf.tensor1d(labels, 'int32'),
  };
  console.log(`Gradient of mlp(${widths.join('-')}), batch ${examples}, wasm, median milliseconds`);
  for (const activation of ['relu', 'tanh'] as Activation[]) {
    const problem = classification(mlp(widths, { activation }));
    const parameters = problem.start(new Random(1));
    const gradient = () => tf.tidy(() => void problem.valueAndGradient(parameters, batch));
    const times = { stock: [] as number[], repaired: [] as number[] };
    timed(gradient, 20);
    await stock.times({ what: 'gradient', activation, steps: 20 });
    for (let round = 0; round < 12; round++) {
      times.repaired.push(...timed(gradient, 10));
      times.stock.push(...(await stock.times({ what: 'gradient', activation, steps: 5 })));
    }
    const [before, after] = [times.stock, times.repaired].map(median);
    console.log(
      `  ${activation}  stock ${before.toFixed(2)}  fluxion ${after.toFixed(2)}  ${(before / after).toFixed(1)}× quicker`,
    );
  }
  await vitRows(stock);
  stock.stop();
  await startRows();
}

/** Side by side, each in a process of its own. */
async function startRows(): Promise<void> {
  const found = { ours: [], stock: [] } as Record<'ours' | 'stock', Awaited<ReturnType<typeof startOf>>[]>;
  for (const _ of rounds('start', 7, 60)) {
    for (const which of ['ours', 'stock'] as const) found[which].push(await startOf(which));
  }
  console.log('Start of the wasm backend, packages loaded; then what its first product pays once: median ms');
  const row = (what: 'started' | 'first', clock: 0 | 1) => {
    const [ours, stock] = [found.ours, found.stock].map((all) => median(all.map((one) => one[what][clock])));
    const name = `${what === 'started' ? 'start' : 'first product'}, ${clock === 0 ? 'clock' : 'processor'}`;
    const goal = what === 'started' ? `${(ours / stock).toFixed(1)}× (goal 3×)` : '';
    console.log(
      `  ${name.padEnd(25)} stock, one thread ${stock.toFixed(1).padStart(6)}  fluxion ${ours.toFixed(1).padStart(6)}  ${goal}`,
    );
  };
  for (const what of ['started', 'first'] as const) for (const clock of [0, 1] as const) row(what, clock);
}

/** Gradients of TinyViT by turns, so that what else the machine does falls on all alike. */
async function vitRows(stock: Awaited<ReturnType<typeof stockWasm>>): Promise<void> {
  console.log('Gradient of tinyVit, batch 128, median milliseconds');
  const [plain, dropping] = [tinyVitGradient(0), tinyVitGradient(0.3)];
  const rows = new Map<string, number[]>();
  const record = (name: string, times: readonly number[]) =>
    rows.set(name, [...(rows.get(name) ?? []), ...times]);
  const python = pythonWithJax();
  let native: (() => void) | undefined;
  for (const round of rounds('tinyVit', 4, 120)) {
    if (round < 2) record('stock wasm, no dropout', await stock.times({ what: 'tinyVit', steps: 1 }));
    for (const options of [{ threads: 1 }, { threads: availableParallelism() }]) {
      await useBackend('wasm', options);
      plain();
      record(`${kernelsInUse()}, no dropout`, timed(plain, 4));
      dropping();
      record(`${kernelsInUse()}, dropout 0.3`, timed(dropping, 4));
    }
    if ((await start('tfjs-node')) === null) {
      await useBackend('tfjs-node');
      native ??= tinyVitGradient(0.3);
      native();
      record(`${kernelsInUse()}, dropout 0.3`, timed(native, 4));
    }
    if (python !== undefined && round < 2)
      record('JAX, all threads, dropout 0.3', [await jaxGradient(python, 128)]);
  }
  const jax = rows.get('JAX, all threads, dropout 0.3');
  for (const [name, times] of rows) {
    const goal = name.startsWith('wasm')
      ? ' (goal 2.2, all threads)'
      : name.startsWith('tfjs')
        ? ' (goal 1.3)'
        : '';
    const beside = jax === undefined ? '' : `  ${(median(times) / median(jax)).toFixed(2)}× JAX${goal}`;
    console.log(`  ${name.padEnd(40)} ${median(times).toFixed(0).padStart(6)}${beside}`);
  }
  await useBackend('wasm');
  if (python === undefined) console.log('  JAX: not present (FLUXION_PYTHON, FLUXION_PEERS)');
  const { HEAPU8 } = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm;
  console.log(`  WebAssembly memory, high-water mark: ${(HEAPU8.length / 2 ** 20).toFixed(0)} MiB`);
}
