import type { Batches } from './batches.js';

/**
 * The source for a problem that needs no data: endless, and nothing in it.
 *
 * @example train(rosenbrock, withoutBatches(), pipe(gradient(), learningRate(1e-3)), { steps: 1_000 })
 */
export function withoutBatches(): Batches<undefined> {
  return {
    open: () => ({
      next: () => undefined,
      state: () => null,
      restore() {},
      release() {},
      close() {},
    }),
  };
}
