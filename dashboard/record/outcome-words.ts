import type { Outcome } from '../../src/index.js';

interface OutcomeWords {
  /** How a method ended, in a few words. */
  readonly words: string;
  /** Whether the method failed. */
  readonly failed: boolean;
}

/** What terminal, page and pictures call the outcomes. */
export const outcomeWords: Readonly<Record<Outcome['kind'], OutcomeWords>> = {
  converged: { words: 'converged', failed: false },
  budget: { words: 'all steps taken', failed: false },
  stopped: { words: 'stopped', failed: false },
  nonFinite: { words: 'diverged: not finite', failed: true },
  diverged: { words: 'diverged', failed: true },
  lineSearchFailed: { words: 'line search failed', failed: true },
  singular: { words: 'singular', failed: true },
  timeout: { words: 'timed out', failed: true },
  deviceLost: { words: 'device lost', failed: true },
};

/** The words for an outcome; one of a newer version is called by its kind, and taken for a failure. */
export function wordsFor({ kind }: Outcome): OutcomeWords {
  return outcomeWords[kind] ?? { words: kind, failed: true };
}
