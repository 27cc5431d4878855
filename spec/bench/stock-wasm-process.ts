import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Job } from './stock-wasm.js';
import { tfjsWay, timed } from './tfjs-way.js';
import { tinyVitGradient } from './tiny-vit-contest.js';

const { resolve } = createRequire(import.meta.url);
setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}/`);
await tf.setBackend('wasm');
const ways = { relu: tfjsWay('relu'), tanh: tfjsWay('tanh') };
let vit: (() => void) | undefined;
process.on('message', (job: Job) => {
  const step = job.what === 'tinyVit' ? (vit ??= tinyVitGradient(0)) : ways[job.activation][job.what];
  process.send!(timed(step, job.steps));
});
process.send!('ready');
