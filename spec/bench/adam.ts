import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe, tap } from 'rxjs';
import { adam } from '../../src/index.js';
import { classification, mlp, tensors, useBackend } from '../../src/tensors/index.js';
import { gradient, lifted, train } from '../../streams/index.js';
import { stockWasm } from './stock-wasm.js';
import { contest, examples, median, tfjsWay, timed, widths } from './tfjs-way.js';

/** Steps of our Adam through a pipeline, in milliseconds from frame to frame. */
function ourAdam(): (steps: number) => Promise<number[]> {
  const { inputs, labels } = contest();
  const problem = classification(mlp(widths));
  const batch = {
    inputs: tensors.array(inputs, [examples, widths[0]]),
    labels: tf.tensor1d(labels, 'int32'),
  };
  return async (steps) => {
    const times: number[] = [];
    let last = Number.NaN;
    const pipeline = pipe(gradient(), lifted(adam({ learningRate: 0.001 })));
    const frames = train(problem, Array(steps + 1).fill(batch), pipeline, { steps: steps + 1 });
    await lastValueFrom(
      frames.pipe(
        tap(() => {
          const now = performance.now();
          times.push(now - last);
          last = now;
        }),
      ),
    );
    return times.slice(1); // the first step makes the state
  };
}

/** Milliseconds a step of Adam on an MLP: ours, `tf.train.adam` as repaired, `tf.train.adam` on stock wasm. */
export async function bench(): Promise<void> {
  await useBackend('wasm');
  const stock = await stockWasm();
  const [ours, theirs] = [ourAdam(), tfjsWay('relu').adam];
  const job = { what: 'adam', activation: 'relu' } as const;
  const times = { ours: [] as number[], theirs: [] as number[], stock: [] as number[] };
  await ours(20);
  timed(theirs, 20);
  await stock.times({ ...job, steps: 20 });
  for (let round = 0; round < 24; round++) {
    times.ours.push(median(await ours(10)));
    times.theirs.push(median(timed(theirs, 10)));
    times.stock.push(median(await stock.times({ ...job, steps: 5 })));
  }
  stock.stop();
  const fluxion = Math.min(...times.ours);
  const row = (name: string, milliseconds: number) =>
    `  ${name.padEnd(40)} ${milliseconds.toFixed(2).padStart(6)}  ${(milliseconds / fluxion).toFixed(2)}× ours`;
  console.log(
    `Adam, mlp(${widths.join('-')}), batch ${examples}, wasm, milliseconds a step: the fastest of 24 medians by turns`,
  );
  console.log(row('fluxion, through a pipeline', fluxion));
  console.log(row('tf.train.adam + variableGrads, repaired', Math.min(...times.theirs)));
  console.log(row('tf.train.adam + variableGrads, stock', Math.min(...times.stock)));
}
