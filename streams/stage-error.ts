import type { Saved } from '../src/index.js';

/** A throw or rejection inside a run: where it happened, and the parameters as they were before that step. */
export class StageError extends Error {
  override readonly name = 'StageError';

  constructor(
    /** The operator, or the last one passed where a foreign operator failed. */
    readonly stage: string,
    /** Counts from 0. */
    readonly step: number,
    override readonly cause: unknown,
    /** The last good parameters as plain data; null where they cannot be read, their tensors being disposed. */
    readonly parameters: Saved,
  ) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const gone = parameters === null ? '; the parameters were disposed, by the loss or by another run' : '';
    super(`step ${step}, ${stage}: ${message}${gone}`, { cause });
  }
}
