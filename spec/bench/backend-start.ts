import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What users load: the sources would be compiled while the clock runs. */
const built = 'dist/src/tensors/index.js';

const ours = `
import { useBackend } from './${built}';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
const start = () => useBackend('wasm');
`;
const stock = `
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
setWasmPaths(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm').replace(/[^/]*$/, ''));
const start = () => tf.setBackend('wasm');
`;
/* Twice the same: what the first product takes besides what a product takes. */
const timed = `
const processor = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
let at = [performance.now(), processor()];
const lap = () => { const before = at; at = [performance.now(), processor()]; return at.map((t, i) => t - before[i]); };
await start();
const started = lap();
const x = tf.ones([256, 256]);
const product = () => tf.tidy(() => tf.matMul(x, x).dataSync()[0]);
lap();
product();
const first = lap();
product();
const second = lap();
console.log(JSON.stringify({ started, first: first.map((t, i) => t - second[i]) }));
process.exit(0);
`;

/** Milliseconds on the clock and of the processor, all threads together. */
type Span = readonly [clock: number, processor: number];

/** From loaded packages to a backend ready for use, then what its first product pays once, in a process of its own. */
export async function startOf(which: 'ours' | 'stock'): Promise<{ started: Span; first: Span }> {
  if (!existsSync(`${root}/${built}`)) throw new Error(`${built} is missing: npm run build makes it`);
  const program = (which === 'ours' ? ours : stock) + timed;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}
