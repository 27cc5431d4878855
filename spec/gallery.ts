import { check, type LawReport } from './check.js';
import type { Mutant } from './mutants/index.js';

/** What became of a known mistake that its law was tried on. */
export interface Finding {
  readonly mutant: Mutant;
  /** `lived`: no sample broke the law, or the mutant failed in another way than by breaking it. */
  readonly verdict: 'killed' | 'lived';
  /** What the law says of it, the minimal counterexample and how to see it again. */
  readonly law: LawReport;
}

/**
 * Tries the law that should find this mistake on it.
 *
 * @param runs samples within which it must be found
 * @example findMistake(mutants[0], { seed: 1, runs: 200 }).verdict // 'killed'
 */
export function findMistake(mutant: Mutant, { seed, runs }: { seed: number; runs: number }): Finding {
  const [law] = check(mutant.subject, { seed, runs, laws: [mutant.killedBy] }).laws;
  const broken = law.verdict === 'broken' && law.explanation?.startsWith(`law ${law.id}: `) === true;
  return { mutant, verdict: broken ? 'killed' : 'lived', law };
}
