import type { Duty } from './team.js';

/** The part of a browser's interface in use: TypeScript declares it with the browser's types only. */
interface Browser {
  readonly Worker: new (
    url: string,
  ) => { postMessage(message: object): void; terminate(): void; onerror?: (event: object) => void };
  readonly URL: { createObjectURL(blob: Blob): string; revokeObjectURL(url: string): void };
  readonly navigator?: { readonly hardwareConcurrency?: number };
}

const browser = globalThis as unknown as Browser;

/** The cores the browser speaks of. */
export const cores = (): number => browser.navigator?.hardwareConcurrency ?? 1;

/** Starts a browser's worker; one that its page's policy forbids takes no chunk, and others do its work. */
export function startWorker(duty: Duty): { terminate(): unknown } {
  const url = browser.URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new browser.Worker(url);
  worker.onerror = () => undefined;
  worker.postMessage(duty);
  return {
    terminate() {
      worker.terminate();
      browser.URL.revokeObjectURL(url);
    },
  };
}

const script = `
onmessage = ({ data: { module, memory, team, thread } }) =>
  new WebAssembly.Instance(module, { host: { memory } }).exports.serve(team, thread);
`;
