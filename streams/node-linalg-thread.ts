import type { Saved } from '../src/index.js';
import type { FromThread, ToThread } from './node-linalg-worker.js';
import { startThread } from './node-start-thread.js';
import type { Workplace } from './refresh-in-thread.js';

/** Starts the thread; it keeps the process alive only while a work is under way. */
export function startLinalgThread(): Workplace {
  const worker = startThread(new URL('./node-linalg-worker.js', import.meta.url));
  worker.unref();
  const waiting = new Map<number, { resolve(answer: Saved): void; reject(cause: Error): void }>();
  let made = 0;
  const takeOut = (id: number) => {
    const promise = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return promise;
  };
  const failAll = (cause: Error) => {
    for (const id of [...waiting.keys()]) takeOut(id)?.reject(cause);
  };
  worker.on('message', (message: FromThread) => {
    if ('error' in message) takeOut(message.id)?.reject(new Error(message.error));
    else takeOut(message.id)?.resolve(message.answer);
  });
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error('the thread for linear algebra has ended')));
  return {
    work: (name, request) =>
      new Promise((resolve, reject) => {
        const id = made++;
        waiting.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, work: name, request } satisfies ToThread);
      }),
    close: () => void worker.terminate(),
  };
}
