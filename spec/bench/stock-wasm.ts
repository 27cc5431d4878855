import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Activation } from './tfjs-way.js';

export type Job =
  | { readonly what: 'gradient' | 'adam'; readonly activation: Activation; readonly steps: number }
  | { readonly what: 'tinyVit'; readonly steps: number };

/** TensorFlow.js on WebAssembly as it comes, in a process of its own in which nothing is repaired. */
export async function stockWasm() {
  const child: ChildProcess = fork(fileURLToPath(new URL('./stock-wasm-process.ts', import.meta.url)));
  await once(child, 'message');
  return {
    /** The milliseconds of each step. */
    async times(job: Job): Promise<number[]> {
      const answer = once(child, 'message');
      child.send(job);
      return (await answer)[0] as number[];
    },
    stop: () => child.kill(),
  };
}
