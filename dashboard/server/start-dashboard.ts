import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { chosen, type OptionsOf, whole } from '../../src/algebra/option.js';
import { startThread } from '../../streams/node-start-thread.js';
import { LogError } from '../record/log/index.js';
import { builtPage } from './page-files.js';
import type { BranchListener, BranchMade, ControlListener, SliceListener } from './protocol.js';
import { PortInUse } from './serve.js';
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.js';

export interface DashboardOptions {
  /** The run's directory: its log is shown, finished or still being written, here or by another process. */
  directory?: string;
  /** A folder in which runs lie: they are listed, first of all where no run is given. */
  folder?: string;
  /** Called in this thread when a button of the page is pressed. Without it the page only shows. */
  control?: ControlListener;
  /** Begins a new run from a checkpoint, in this thread. Without it the page does not offer it. */
  branch?: BranchListener;
  /** Computes the loss around a checkpoint. Without it the page does not offer that. */
  slice?: SliceListener;
  /** False where nothing trains in this process, so that the page need not wait where cores are short. */
  standBack?: boolean;
  /** The command that goes on with the run once it is stopped, for the page to say. */
  resume?: string;
  /** 0 is any free one. */
  port?: number;
  /** The built page; the one that comes with the package where it is left out. */
  pageFolder?: string;
}

export const dashboardOptions: OptionsOf<Pick<DashboardOptions, 'port'>> = {
  port: whole(0, '[0, 65535]', 'the port of the page; 0 is any free one'),
};

export interface Dashboard {
  /** The address to open, with its token. */
  readonly url: string;
  /** The address to share with who may look and act on nothing. */
  readonly readOnlyUrl: string;
  /** Says goodbye to all clients and ends the server's thread. */
  close(): Promise<void>;
}

/**
 * Shows a run in the browser, from a thread of its own that reads the run's log: a slow or dead client costs
 * the run nothing. Reachable from this machine alone, by whoever knows the address.
 *
 * @throws LogError where the directory holds no run that can be shown; PortInUse
 * @example
 * const dashboard = await startDashboard({ directory: 'runs/2026-01-01-mnist' });
 * console.log(dashboard.url); // http://127.0.0.1:40123/?token=…
 * await dashboard.close();
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { port } = chosen('startDashboard', dashboardOptions, options, [
    'directory',
    'folder',
    'control',
    'branch',
    'slice',
    'standBack',
    'resume',
    'pageFolder',
  ]);
  const {
    directory,
    folder,
    control,
    branch,
    slice,
    standBack = true,
    resume,
    pageFolder = builtPage,
  } = options;
  const data: WorkerOptions = {
    directory,
    folder,
    port,
    pageFolder,
    control: control !== undefined,
    branch: branch !== undefined,
    slice: slice !== undefined,
    standBack,
    resume,
  };
  const worker = startThread(new URL('./worker.js', import.meta.url), data);
  const { url, readOnlyUrl } = await listening(worker);
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'listening' || message.kind === 'failed') return;
    const { id } = message;
    const answer = (found: { readonly refusal?: string; readonly made?: BranchMade }) =>
      worker.postMessage({ kind: 'answer', id, ...found } satisfies ToWorker);
    const asked =
      message.kind === 'control'
        ? Promise.resolve(control?.(message.action, message.adjustment)).then((why) =>
            typeof why === 'string' ? { refusal: why } : {},
          )
        : message.kind === 'branch'
          ? branch!(message.request).then((made) => ({ made }))
          : slice!(message.request).then(() => ({}));
    void asked.then(answer, (error: Error) => answer({ refusal: error.message }));
  });
  worker.on('error', (error) => {
    process.emitWarning(
      new Error(`the dashboard stopped, the run goes on: ${error.message}`, { cause: error }),
    );
  });
  return {
    url,
    readOnlyUrl,
    close: async () => {
      if (worker.threadId < 0) return; // it has ended
      const ended = once(worker, 'exit');
      worker.postMessage({ kind: 'close' } satisfies ToWorker);
      await ended;
    },
  };
}

async function listening(worker: Worker): Promise<Pick<Dashboard, 'url' | 'readOnlyUrl'>> {
  const [message] = (await once(worker, 'message')) as [FromWorker]; // rejects where the thread fails
  if (message.kind === 'listening') return message;
  if (message.kind !== 'failed') throw new Error(`the dashboard's thread said ${message.kind} first`);
  if (message.what === 'port') throw new PortInUse(message.port);
  throw message.what === 'log' ? new LogError(message.message) : new Error(message.message);
}
