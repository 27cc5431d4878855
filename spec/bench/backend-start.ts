import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ours = `
import { useBackend } from './src/tensors/index.ts';
import '@tensorflow/tfjs-backend-wasm';
const from = performance.now();
await useBackend('wasm');
console.log(performance.now() - from);
`;
const stock = `
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
setWasmPaths(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm').replace(/[^/]*$/, ''));
const from = performance.now();
await tf.setBackend('wasm');
console.log(performance.now() - from);
`;

/** Milliseconds from loaded packages to a backend ready for use, in a process of its own. */
export async function startOf(which: 'ours' | 'stock'): Promise<number> {
  const program = which === 'ours' ? ours : stock;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { cwd: fileURLToPath(new URL('../../', import.meta.url)) },
  );
  return Number(stdout.trim().split('\n').at(-1));
}
