/**
 * Runs `body` in a world whose workers are only said to be loaded: the threaded build of TensorFlow.js asks for
 * eight of them, whose script Node refuses, before it is told that it is to compute on one thread itself.
 */
export async function withoutWorkers<T>(body: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  // An accessor, since the build puts Node's own class there when it begins.
  Object.defineProperty(globalThis, 'Worker', {
    configurable: true,
    get: () => Understudy,
    set() {},
  });
  try {
    return await body();
  } finally {
    if (before === undefined) delete (globalThis as { Worker?: unknown }).Worker;
    else Object.defineProperty(globalThis, 'Worker', before);
  }
}

/** A worker that answers 'loaded', and is never asked for more. */
class Understudy {
  onmessage?: (event: { data: { cmd: string } }) => void;
  on(): void {}
  ref(): void {}
  unref(): void {}
  terminate(): void {}
  postMessage({ cmd }: { cmd: string }): void {
    if (cmd === 'load') queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
  }
}
