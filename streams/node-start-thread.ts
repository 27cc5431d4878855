import { type TransferListItem, Worker } from 'node:worker_threads';

/**
 * Starts a thread of Node on a file of ours.
 *
 * Run from source, as in tests, the file is TypeScript: tsx has to be there before it is loaded.
 */
export function startThread(file: URL, workerData?: unknown, transferList: TransferListItem[] = []): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(file, { workerData, transferList, execArgv: [] });
  const tsx = import.meta.resolve('tsx/esm/api');
  const source = file.href.replace(/\.js$/, '.ts');
  const script = `import('${tsx}').then(({ register }) => { register(); return import('${source}'); });`;
  return new Worker(script, { workerData, transferList, execArgv: [], eval: true });
}
