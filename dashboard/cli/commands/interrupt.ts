import { exitCodes } from './exit-codes.js';

/** npm passes on to its child what the terminal has sent there already: one Ctrl-C, two signals. */
const sameKeystroke = 500;

/**
 * Calls `onFirst` at Ctrl-C (or a request to terminate), and ends the process at once at the second.
 *
 * @returns what takes the signals back to their usual meaning
 */
export function onInterrupt(onFirst: () => void): () => void {
  let first: number | undefined;
  const listener = () => {
    if (first === undefined) {
      first = performance.now();
      onFirst();
    } else if (performance.now() - first > sameKeystroke) process.exit(exitCodes.interrupted);
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return () => void process.off('SIGINT', listener).off('SIGTERM', listener);
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
