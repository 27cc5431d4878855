import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { LogError } from '../record/log/index.js';
import { PortInUse, type Served, serve } from './serve.js';
import { sessionKey } from './session-key.js';
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.js';

/** The server in a thread of its own: training may block the main thread for a second at a time. */
const port = parentPort!;
const { control, branch, slice, standBack, ...options } = workerData as WorkerOptions;
const send = (message: FromWorker) => port.postMessage(message);

type Answer = Extract<ToWorker, { kind: 'answer' }>;
type Question = DistributiveOmit<Extract<FromWorker, { kind: 'control' | 'branch' | 'slice' }>, 'id'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

let asked = 0;
const waiting = new Map<number, (answer: Answer) => void>();

if (standBack) takeLessTime();
try {
  const served = await serve({
    ...options,
    key: sessionKey(),
    control: control
      ? async (action, adjustment) => (await ask({ kind: 'control', action, adjustment })).refusal
      : undefined,
    branch: branch
      ? async (request) => {
          const { refusal, made } = await ask({ kind: 'branch', request });
          if (made === undefined) throw new Error(refusal);
          return made;
        }
      : undefined,
    slice: slice
      ? async (request) => {
          const { refusal } = await ask({ kind: 'slice', request });
          if (refusal !== undefined) throw new Error(refusal);
        }
      : undefined,
  });
  send({ kind: 'listening', url: served.url, readOnlyUrl: served.readOnlyUrl });
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'close') void end(served);
    else {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
} catch (error) {
  const { message } = error as Error;
  const what = error instanceof PortInUse ? 'port' : error instanceof LogError ? 'log' : 'other';
  send({ kind: 'failed', what, port: options.port, message });
}

/** Asks the main thread, which answers when it has a moment between steps. */
function ask(question: Question): Promise<Answer> {
  const id = ++asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    send({ ...question, id });
  });
}

async function end(served: Served): Promise<void> {
  await served.close();
  port.close();
}

/** Where cores are short, training comes first. Linux alone gives a thread a priority of its own. */
function takeLessTime(): void {
  const serverPriority = 10;
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), serverPriority);
  } catch {
    // another system: the threads are equals
  }
}
