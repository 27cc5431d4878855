import fc from 'fast-check';
import type { Law } from '../../laws/law.js';
import type { Subject } from '../../subjects/subject.js';
import { type Noted, Witness } from './witness.js';

/** One law held against one subject, and what it did while nothing was wrong. */
export interface Trial {
  readonly subject: Subject;
  readonly law: Law;
}

export interface Tried {
  readonly broken?: string;
  /** Of the processor, which others may keep busy too. */
  readonly milliseconds: number;
}

/** Runs a law to its first broken sample, without looking for a smaller one. */
export function tryLaw({ subject, law }: Trial, seed: number, runs: number): Tried {
  const begin = process.cpuUsage();
  const details = fc.check(law.property(subject), { seed, numRuns: runs, endOnFailure: true });
  const { errorInstance } = details;
  const message =
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance ?? 'too few samples fit');
  return {
    ...(details.failed && { broken: message.split('\n')[0] }),
    milliseconds: process.cpuUsage(begin).user / 1_000,
  };
}

/** How many arrays of results are kept of a law. */
const mostKept = 20_000;

/** What the law is handed by the subject under the same samples, whether or not it breaks by it. */
export function resultsOf({ subject, law }: Trial, seed: number, runs: number): Noted {
  const witness = new Witness(mostKept);
  const watched = law.property(witness.watched(subject));
  fc.check(watched, { seed, numRuns: runs, endOnFailure: true });
  return witness.taken();
}
