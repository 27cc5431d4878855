import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { start } from '../../src/tensors/backend.js';
import { kernelsInUse, useBackend } from '../../src/tensors/index.js';
import { layersGradient } from './layers-gradient.js';
import { jaxGradient, pythonWithJax } from './peers/jax.js';
import { rounds } from './rounds.js';
import { median, timed } from './tfjs-way.js';

const script = fileURLToPath(new URL('./peers/lenet_jax.py', import.meta.url));
const examples = 128;

/** A gradient of LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998, maxima for its means) at batch 128, on the backend in use. */
export function lenetGradient(): () => void {
  const convolution = (filters: number, padding: 'same' | 'valid', inputShape?: number[]) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 5,
      padding,
      activation: 'tanh',
      ...(inputShape && { inputShape }),
    });
  const dense = (units: number) => tf.layers.dense({ units, activation: 'tanh' });
  const pool = () => tf.layers.maxPooling2d({ poolSize: 2 });
  const model = tf.sequential({
    layers: [
      ...[convolution(6, 'same', [28, 28, 1]), pool(), convolution(16, 'valid'), pool()],
      ...[tf.layers.flatten(), dense(120), dense(84), tf.layers.dense({ units: 10 })],
    ],
  });
  return layersGradient(model);
}

/** Gradients of LeNet-5 by turns: WebAssembly, the native package where it is present, JAX where it is. */
export async function bench(): Promise<void> {
  const rows = new Map<string, number[]>();
  const record = (name: string, times: readonly number[]) =>
    rows.set(name, [...(rows.get(name) ?? []), ...times]);
  const python = pythonWithJax();
  const backends = ['wasm', 'tfjs-node'] as const;
  for (const _ of rounds('LeNet-5', 3, 120)) {
    for (const backend of backends) {
      if ((await start(backend)) !== null) continue;
      await useBackend(backend);
      const gradient = lenetGradient();
      timed(gradient, 3);
      record(kernelsInUse(), timed(gradient, 15));
    }
    if (python !== undefined) record('JAX, all threads', [await jaxGradient(python, examples, script)]);
  }
  console.log(`Gradient of LeNet-5, batch ${examples}, median milliseconds`);
  const jax = python === undefined ? Number.NaN : median(rows.get('JAX, all threads')!);
  for (const [name, times] of rows) {
    const time = median(times);
    console.log(
      `  ${name.padEnd(40)} ${time.toFixed(1).padStart(6)}  ${(time / jax).toFixed(2)}× JAX (goal 3 on wasm)`,
    );
  }
}
