import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { repairNaN } from '../../../src/tensors/nan-repairs.js';
import { wasmFolder } from '../../../src/tensors/node-wasm-folder.js';

const nan = Number.NaN;
const values = (body: () => tf.Tensor) => {
  const result = tf.tidy(body);
  const read = [...result.dataSync()];
  result.dispose();
  return read;
};

/* Without the routines of `wasm-routines.ts`, as where the threaded build keeps its memory to itself. */
describe.each(['cpu', 'wasm'])('a stock backend, %s, that swallows NaN', (backend) => {
  beforeAll(async () => {
    setWasmPaths(wasmFolder());
    await tf.setBackend(backend);
  });

  it('does so no longer, and is otherwise as it was', () => {
    const x = tf.tensor1d([nan, -2, 0, 3]);
    // The trouble is real: this is what the repair is for.
    expect(values(() => tf.sign(x))[0]).not.toBeNaN();
    const before = tf.memory().numTensors;
    repairNaN(backend);
    const repaired = tf.getKernel('Sign', backend).kernelFunc;
    repairNaN(backend);
    expect(tf.getKernel('Sign', backend).kernelFunc).toBe(repaired);

    expect(values(() => tf.sign(x))).toEqual([nan, -1, 0, 1]);
    expect(values(() => tf.clipByValue(x, -1, 1))).toEqual([nan, -1, 0, 1]);
    expect(values(() => tf.relu(x))).toEqual([nan, 0, 0, 3]);
    expect(values(() => tf.maximum(x, tf.tensor1d([1, nan, 1, 1])))).toEqual([nan, nan, 1, 3]);
    expect(values(() => tf.minimum(tf.scalar(1), x))).toEqual([nan, -2, 0, 1]);
    expect(values(() => tf.maximum(tf.tensor2d([[1], [nan]]), tf.tensor2d([[0, nan]])))).toEqual([
      1,
      nan,
      nan,
      nan,
    ]);
    expect(values(() => tf.maximum(tf.tensor1d([1, 5], 'int32'), tf.scalar(3, 'int32')))).toEqual([3, 5]);
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});
