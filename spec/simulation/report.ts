import type { FaultKind, Faults } from './faults.js';
import type { Parts } from './parts.js';
import { type Sometimes, Violation, type Witness } from './witness.js';

export interface HistoryOptions {
  /** Kinds of faults to leave out: what is left of the history shows whether they matter. */
  readonly without?: readonly FaultKind[];
  /** Default: ours. */
  readonly parts?: Parts;
}

export interface Report {
  readonly seed: number;
  readonly faults: readonly FaultKind[];
  readonly lives: number;
  readonly seen: ReadonlySet<Sometimes>;
  /** The kinds of faults that struck. */
  readonly struck: ReadonlySet<FaultKind>;
  readonly digest: string;
  /** What happened step by step, with hashes: where two runs of a seed part, their trails do. */
  readonly trail: readonly string[];
  /** What does not hold, if anything. */
  readonly violation?: string;
}

/** Plays one process after another until a history has ended, and reports what was seen, or what does not hold. */
export async function reported(
  seed: number,
  faults: Faults,
  witness: Witness,
  live: () => Promise<boolean>,
): Promise<Report> {
  let lives = 0;
  let violation: string | undefined;
  try {
    for (let hasEnded = false; !hasEnded; ) {
      lives++;
      hasEnded = await live();
    }
  } catch (error) {
    const what = error instanceof Violation ? error.message : `uncaught: ${(error as Error).stack}`;
    violation = `process ${lives - 1}: ${what}`;
  }
  return {
    seed,
    faults: faults.kinds,
    lives,
    seen: witness.seen,
    struck: witness.struck,
    digest: witness.digest(),
    trail: witness.trail,
    ...(violation !== undefined && { violation }),
  };
}
