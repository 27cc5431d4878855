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
    /** The last good parameters as plain data; null where there were none yet, or where they cannot be read. */
    readonly parameters: Saved,
  ) {
    super(`step ${step}, ${stage}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
