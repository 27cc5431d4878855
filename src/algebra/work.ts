import type { Saved } from './saved.js';

/**
 * A computation that takes long: a pure function of plain data, so that it may be done in another thread, and done
 * again from a checkpoint.
 */
export interface Work {
  /** By which a thread finds its own copy of it. */
  readonly name: string;
  run(request: Saved): Saved;
}
