import { parentPort } from 'node:worker_threads';
import type { Saved } from '../src/algebra/saved.js';
import { works as matrixWorks } from '../src/linalg/works.js';
import { kroneckerInverses } from '../src/transforms/kronecker-work.js';

export interface ToThread {
  readonly id: number;
  readonly work: string;
  readonly request: Saved;
}

export type FromThread =
  | { readonly id: number; readonly answer: Saved }
  | { readonly id: number; readonly error: string };

const works = new Map([...matrixWorks, [kroneckerInverses.name, kroneckerInverses]]);

parentPort?.on('message', ({ id, work, request }: ToThread) => {
  parentPort?.postMessage(answer(id, work, request));
});

function answer(id: number, name: string, request: Saved): FromThread {
  const work = works.get(name);
  if (work === undefined) {
    return { id, error: `expected a work among ${[...works.keys()].join(', ')}, got '${name}'` };
  }
  try {
    return { id, answer: work.run(request) };
  } catch (cause) {
    return { id, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
