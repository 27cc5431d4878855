import { pathToFileURL } from 'node:url';
import { type TransferListItem, Worker } from 'node:worker_threads';

/**
 * Starts a thread of Node on a file of ours.
 *
 * Run from source the file is TypeScript: tests say where it is as JavaScript, else tsx has to be there before it is
 * loaded, which takes a second of processor.
 */
export function startThread(file: URL, workerData?: unknown, transferList: TransferListItem[] = []): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(file, { workerData, transferList, execArgv: [] });
  const compiled = process.env.FLUXION_COMPILED;
  if (compiled) {
    const [sources, own] = [new URL('..', import.meta.url).href, pathToFileURL(compiled).href];
    return new Worker(new URL(file.href.replace(sources, own)), { workerData, transferList, execArgv: [] });
  }
  const tsx = import.meta.resolve('tsx/esm/api');
  const source = file.href.replace(/\.js$/, '.ts');
  const script = `import('${tsx}').then(({ register }) => { register(); return import('${source}'); });`;
  return new Worker(script, { workerData, transferList, execArgv: [], eval: true });
}
