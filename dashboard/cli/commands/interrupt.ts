import { exitCodes } from './exit-codes.js';

/** npm passes on to its child what the terminal has sent there already: one Ctrl-C, two signals. */
const sameKeystroke = 500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `onFirst` at Ctrl-C (or a request to terminate, or a hang-up), and ends the process at once at the second.
 *
 * @returns what takes the signals back to their usual meaning
 */
export function onInterrupt(onFirst: (signal: string) => void): () => void {
  let first: number | undefined;
  const listener = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = performance.now();
      onFirst(signal === 'SIGINT' ? 'Ctrl-C' : signal);
    } else if (performance.now() - first > sameKeystroke) process.exit(exitCodes.interrupted);
  };
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** Waits for Ctrl-C. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    // A promise alone does not keep the process alive.
    const alive = setInterval(() => {}, 1 << 30);
    const restore = onInterrupt(() => {
      clearInterval(alive);
      restore();
      resolve();
    });
  });
}
