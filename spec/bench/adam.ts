import * as tf from '@tensorflow/tfjs';
import { adam, mapTree, Random, releaseExcept, type Tree } from '../../src/index.js';
import { classification, mlp, tensors, useBackend } from '../../src/tensors/index.js';
import { stockWasm } from './stock-wasm.js';
import { contest, examples, median, tfjsWay, timed, widths } from './tfjs-way.js';

/** One step of our Adam: gradient, update, new parameters, everything else freed. */
function ourAdam(): () => void {
  const { kernels, inputs, labels } = contest();
  const problem = classification(mlp(widths));
  const method = adam({ learningRate: 0.001 });
  const batch = {
    inputs: tensors.array(inputs, [examples, widths[0]]),
    labels: tf.tensor1d(labels, 'int32'),
  };
  let parameters: Tree<tf.Tensor> = {
    layer1: { kernel: tensors.array(kernels[0], [784, 128]), bias: tensors.fill([128], 0) },
    layer2: { kernel: tensors.array(kernels[1], [128, 10]), bias: tensors.fill([10], 0) },
  };
  let state = method.init(parameters, tensors);
  let step = 0;
  const random = new Random(1);
  return () => {
    const next = tensors.scope(() => {
      const { value, gradient } = problem.valueAndGradient(parameters, batch);
      const context = { algebra: tensors, update: gradient, gradient, parameters, loss: value, step, random };
      const made = method.update(context, state);
      return {
        parameters: mapTree(tensors, (x, u) => tensors.add(x, u), parameters, made.update),
        state: made.state,
      };
    });
    releaseExcept(tensors, parameters, next.parameters);
    releaseExcept(tensors, state, next.state);
    ({ parameters, state } = next);
    step++;
  };
}

/** Milliseconds a step of Adam on an MLP: ours, `tf.train.adam` as repaired, `tf.train.adam` on stock wasm. */
export async function bench(): Promise<void> {
  await useBackend('wasm');
  const stock = await stockWasm();
  const [ours, theirs] = [ourAdam(), tfjsWay('relu').adam];
  const job = { what: 'adam', activation: 'relu' } as const;
  const times = { ours: [] as number[], theirs: [] as number[], stock: [] as number[] };
  timed(ours, 20);
  timed(theirs, 20);
  await stock.times({ ...job, steps: 20 });
  for (let round = 0; round < 24; round++) {
    times.ours.push(...timed(ours, 10));
    times.theirs.push(...timed(theirs, 10));
    times.stock.push(...(await stock.times({ ...job, steps: 5 })));
  }
  stock.stop();
  const fluxion = median(times.ours);
  const row = (name: string, milliseconds: number) =>
    `  ${name.padEnd(40)} ${milliseconds.toFixed(2).padStart(6)}  ${(milliseconds / fluxion).toFixed(2)}× ours`;
  console.log(`Adam, mlp(${widths.join('-')}), batch ${examples}, wasm, median milliseconds a step`);
  console.log(row('fluxion', fluxion));
  console.log(row('tf.train.adam + variableGrads, repaired', median(times.theirs)));
  console.log(row('tf.train.adam + variableGrads, stock', median(times.stock)));
}
