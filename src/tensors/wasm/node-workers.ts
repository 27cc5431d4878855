import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Duty } from './team.js';

/** The cores this process may use. */
export const cores = (): number => availableParallelism();

/** Starts a thread of Node that does not keep the process alive. */
export function startWorker(duty: Duty): { terminate(): unknown } {
  const worker = new Worker(script, { eval: true, workerData: duty, stdout: false, stderr: false });
  worker.unref();
  // A worker that cannot start is one that takes no chunk: its work is done by the others.
  worker.on('error', () => undefined);
  return worker;
}

const script = `
const { module, memory, team, thread } = require('node:worker_threads').workerData;
new WebAssembly.Instance(module, { host: { memory } }).exports.serve(team, thread);
`;
