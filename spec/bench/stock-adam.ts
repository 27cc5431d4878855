import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { tfjsAdam } from './tfjs-adam.js';

/* A process of its own, in which nothing of TensorFlow.js is repaired: times the steps it is asked for. */
const { resolve } = createRequire(import.meta.url);
setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}/`);
await tf.setBackend('wasm');
const step = tfjsAdam();
process.on('message', (steps: number) => {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const from = performance.now();
    step();
    times.push(performance.now() - from);
  }
  process.send!(times);
});
process.send!([]);
