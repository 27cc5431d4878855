import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Job } from './stock-wasm.js';
import { tfjsWay, timed } from './tfjs-way.js';

const { resolve } = createRequire(import.meta.url);
setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}/`);
await tf.setBackend('wasm');
const ways = { relu: tfjsWay('relu'), tanh: tfjsWay('tanh') };
process.on('message', ({ what, activation, steps }: Job) => {
  process.send!(timed(ways[activation][what], steps));
});
process.send!('ready');
