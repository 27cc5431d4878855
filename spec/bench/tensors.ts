import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { Random } from '../../src/index.js';
import { start } from '../../src/tensors/backend.js';
import { classification, kernelsInUse, mlp, tensors, useBackend } from '../../src/tensors/index.js';
import { startOf } from './backend-start.js';
import { jaxGradient, pythonWithJax } from './peers/jax.js';
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
  const starts = { ours: [] as number[], stock: [] as number[] };
  for (let round = 0; round < 5; round++) {
    for (const which of ['ours', 'stock'] as const) starts[which].push(await startOf(which));
  }
  const [ours, theirs] = [starts.ours, starts.stock].map(median);
  console.log('Start of the backend, packages loaded, median milliseconds of 5 processes');
  console.log(
    `  stock, one thread ${theirs.toFixed(0)}  fluxion ${ours.toFixed(0)}  ${(ours / theirs).toFixed(1)}×`,
  );
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
  for (let round = 0; round < 4; round++) {
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
    const beside = jax === undefined ? '' : `  ${(median(times) / median(jax)).toFixed(2)}× JAX`;
    console.log(`  ${name.padEnd(40)} ${median(times).toFixed(0).padStart(6)}${beside}`);
  }
  await useBackend('wasm');
  if (python === undefined) console.log('  JAX: not present (FLUXION_PYTHON, FLUXION_PEERS)');
  const { HEAPU8 } = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm;
  console.log(`  WebAssembly memory, high-water mark: ${(HEAPU8.length / 2 ** 20).toFixed(0)} MiB`);
}
