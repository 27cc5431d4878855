import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { adam, mapTree, Random, releaseExcept, type Tree } from '../../src/index.js';
import { classification, mlp, tensors, useBackend } from '../../src/tensors/index.js';
import { contest, examples, tfjsAdam, widths } from './tfjs-adam.js';

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

async function stockTimes(child: ChildProcess, steps: number): Promise<number[]> {
  const answer = once(child, 'message');
  child.send(steps);
  return (await answer)[0] as number[];
}

function timed(step: () => void, steps: number): number[] {
  return Array.from({ length: steps }, () => {
    const from = performance.now();
    step();
    return performance.now() - from;
  });
}

const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1];

/** Milliseconds a step of Adam on an MLP: ours, `tf.train.adam` as repaired, `tf.train.adam` on stock wasm. */
export async function bench(): Promise<void> {
  await useBackend('wasm');
  const child = fork(fileURLToPath(new URL('./stock-adam.ts', import.meta.url)));
  await once(child, 'message');
  const [ours, theirs] = [ourAdam(), tfjsAdam()];
  const times = { ours: [] as number[], theirs: [] as number[], stock: [] as number[] };
  timed(ours, 20);
  timed(theirs, 20);
  await stockTimes(child, 20);
  for (let round = 0; round < 12; round++) {
    times.ours.push(...timed(ours, 20));
    times.theirs.push(...timed(theirs, 20));
    times.stock.push(...(await stockTimes(child, 10)));
  }
  child.kill();
  const [fluxion, repaired, stock] = [times.ours, times.theirs, times.stock].map(median);
  console.log(`Adam, mlp(${widths.join('-')}), batch ${examples}, wasm, median milliseconds a step`);
  console.log(`  fluxion                                  ${fluxion.toFixed(2)}`);
  console.log(
    `  tf.train.adam + variableGrads, repaired  ${repaired.toFixed(2)}  ${(repaired / fluxion).toFixed(2)}× ours`,
  );
  console.log(
    `  tf.train.adam + variableGrads, stock     ${stock.toFixed(2)}  ${(stock / fluxion).toFixed(2)}× ours`,
  );
}
