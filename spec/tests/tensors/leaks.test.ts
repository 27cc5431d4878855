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
