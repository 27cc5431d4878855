import * as tf from '@tensorflow/tfjs';
import { Random } from '../algebra/random.js';
import { leaves } from '../algebra/tree.js';
import { type BackendName, backendNames, roundsProducts, start, useBackend } from './backend.js';
import { classification } from './classification.js';
import { mlp } from './mlp.js';
import { tensors } from './tensors.js';

/** What one backend can do here. */
export interface Diagnosis {
  readonly name: BackendName;
  readonly available: boolean;
  /** Why not, where it is not. */
  readonly reason?: string;
  /** What to do about it. */
  readonly advice?: string;
  /** What is to be known about its numbers. */
  readonly note?: string;
  /** Rate of products of square float32 matrices, 2n³ operations each, in 10⁹ a second. */
  readonly gigaflops?: number;
  /** Median time of loss and gradient of `mlp([784, 128, 10])` on 128 examples. */
  readonly mlpGradientMilliseconds?: number;
}

const tf32 =
  'cards since Ampere multiply in TF32, 10 bits of mantissa; start the process with NVIDIA_TF32_OVERRIDE=0 for float32';

/**
 * Tries and times each backend, the best first, then goes back to the one in use, or chooses one.
 *
 * @example
 * for (const { name, available, reason } of await diagnose()) console.log(name, available, reason);
 */
export async function diagnose(): Promise<Diagnosis[]> {
  const before = await useBackend();
  const found: Diagnosis[] = [];
  for (const name of backendNames) {
    const missing = await start(name);
    if (missing !== null) {
      found.push({ name, available: false, ...missing });
      continue;
    }
    found.push({
      name,
      available: true,
      ...(roundsProducts(name) && { note: tf32 }),
      gigaflops: await productRate(),
      mlpGradientMilliseconds: await mlpGradient(),
    });
  }
  await start(before);
  return found;
}

/** The rate for the smallest n a power of two from 128 on whose product takes 5 ms, in GFLOP/s. */
async function productRate(): Promise<number> {
  for (let n = 128; ; n *= 2) {
    const x = tensors.fill([n, n], 0.5);
    const milliseconds = await median(() => tensors.matmul(x, x));
    tensors.release(x);
    if (milliseconds >= 5 || n >= 4_096) return (2 * n ** 3) / milliseconds / 1e6;
  }
}

async function mlpGradient(): Promise<number> {
  const [examples, inputs, classes] = [128, 784, 10];
  const problem = classification(mlp([inputs, 128, classes]));
  const random = new Random(1);
  const parameters = problem.start(random);
  const batch = {
    inputs: tensors.array(random.uniforms(examples * inputs), [examples, inputs]),
    labels: tf.tensor1d(
      Array.from({ length: examples }, () => random.integer(classes)),
      'int32',
    ),
  };
  const milliseconds = await median(() => problem.valueAndGradient(parameters, batch));
  for (const leaf of [...leaves(tensors, parameters), batch.inputs, batch.labels]) tensors.release(leaf);
  return milliseconds;
}

/** The median time of `body` over a fifth of a second, three runs at least, after one that does not count. */
async function median(body: () => unknown): Promise<number> {
  const times: number[] = [];
  const begun = performance.now();
  for (let run = 0; run < 4 || performance.now() - begun < 200; run++) {
    const from = performance.now();
    const made = tensors.scope(() => body() as tf.Tensor);
    const arrays = leaves(tensors, made);
    await arrays[arrays.length - 1].data(); // the device may still be at work
    if (run > 0) times.push(performance.now() - from);
    for (const array of arrays) tensors.release(array);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}
