import * as tf from '@tensorflow/tfjs';
import { Random } from '../../src/index.js';
import { classification, mlp, tensors, useBackend } from '../../src/tensors/index.js';
import { stockWasm } from './stock-wasm.js';
import { type Activation, contest, examples, median, timed, widths } from './tfjs-way.js';

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
  stock.stop();
}
