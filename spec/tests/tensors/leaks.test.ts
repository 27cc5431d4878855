import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { adam, leaves, mapTree, Random, releaseExcept } from '../../../src/index.js';
import {
  type BackendName,
  classification,
  mlp,
  mnist,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';

describe.each(['cpu', 'wasm'] as BackendName[])('training on %s', (backend) => {
  it('holds the same tensors and buffers after every step, and none at the end', async () => {
    await useBackend(backend);
    const test = await mnist('test');
    const problem = classification(mlp([784, 9, 10], { activation: 'tanh' }));
    const method = adam();
    const random = new Random(1);
    const buffers = () => tf.backend().numDataIds();
    const before = [tensors.live(), buffers()];
    let parameters = problem.start(random);
    let state = method.init(parameters, tensors);
    const counts: number[][] = [];
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) {
      const batch = test.batch(Int32Array.from({ length: 33 }, () => random.integer(test.size)));
      const next = tensors.scope(() => {
        const { value: loss, gradient } = problem.valueAndGradient(parameters, batch);
        losses.push(tensors.number(loss));
        const context = { algebra: tensors, update: gradient, gradient, parameters, loss, step, random };
        const made = method.update(context, state);
        const moved = mapTree(tensors, (x, u) => tensors.add(x, u), parameters, made.update);
        return { parameters: moved, state: made.state };
      });
      test.release(batch);
      releaseExcept(tensors, parameters, next.parameters);
      releaseExcept(tensors, state, next.state);
      ({ parameters, state } = next);
      counts.push([tensors.live(), buffers()]);
    }
    expect(new Set(counts.map(String)).size).toBe(1);
    expect(losses[19]).toBeLessThan(losses[0]);
    for (const leaf of [...leaves(tensors, parameters), ...leaves(tensors, state)]) tensors.release(leaf);
    expect([tensors.live(), buffers()]).toEqual(before);
  });
});

describe('the memory of WebAssembly', () => {
  it('stays where it was over a thousand gradients, on several threads', async () => {
    await useBackend('wasm', { threads: 2 });
    const problem = classification(mlp([20, 64, 10], { activation: 'tanh' }));
    const parameters = problem.start(new Random(1));
    const batch = {
      inputs: tensors.fill([600, 20], 0.5),
      labels: tf.tensor1d(new Int32Array(600), 'int32'),
    };
    const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
    const marks = new Set<string>();
    for (let step = 0; step < 1_000; step++) {
      tf.tidy(() => void problem.valueAndGradient(parameters, batch));
      if (step >= 10) marks.add(`${wasm.HEAPU8.length} bytes, ${tensors.live()} tensors`);
    }
    expect([...marks]).toHaveLength(1);
    tf.dispose([batch.inputs, batch.labels, ...leaves(tensors, parameters)]);
  });
});
