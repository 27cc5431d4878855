import fc from 'fast-check';
import { chosen, type OptionsOf, whole } from '../src/algebra/option.js';
import { catalogue } from './laws/catalogue.js';
import type { Law } from './laws/law.js';
import { OptionFixed } from './subjects/foreign/misbehaviour.js';
import type { Subject } from './subjects/subject.js';

export interface CheckOptions {
  /** Decides the samples. */
  seed?: number;
  /** Samples a law. */
  runs?: number;
  /** Ids of laws; those which the subject claims where they are left out. */
  laws?: readonly string[];
  /** Where in a former run to begin: the path of its report. */
  path?: string;
}

export const checkOptions: OptionsOf<Pick<CheckOptions, 'seed' | 'runs'>> = {
  seed: whole(1, '(-∞, ∞)', 'decides the samples'),
  runs: whole(100, '[1, ∞)', 'samples a law'),
};

export interface LawReport {
  readonly id: string;
  readonly name: string;
  readonly statement: string;
  readonly verdict: 'holds' | 'broken' | 'does not apply';
  readonly runs: number;
  /** The largest ratio of deviation to tolerance that was seen; above 1 the law is broken. */
  readonly worst: number;
  /** The smallest sample found that breaks it, as code a person can read. */
  readonly counterexample?: string;
  /** What was expected and what was got on it; or why the law does not apply. */
  readonly explanation?: string;
  /** What `check` needs to see the counterexample again. */
  readonly replay?: { readonly seed: number; readonly path: string };
}

export interface Report {
  readonly subject: string;
  readonly holds: boolean;
  readonly laws: readonly LawReport[];
}

/**
 * Holds a subject against laws, and shrinks what breaks one to a minimal counterexample.
 *
 * @throws RangeError on an unknown law, or where no law is left that applies to the subject; RangeError or TypeError on an option that is not allowed
 * @example check(subjectOf(float64, 'adam', adam), { runs: 1_000, laws: ['48', '50'] }).holds // true
 */
export function check(subject: Subject, options: CheckOptions = {}): Report {
  const { seed, runs } = chosen('check', checkOptions, options, ['laws', 'path']);
  const { laws = subject.claims, path } = options;
  const chosenLaws = laws.map((id) => {
    const law = catalogue.find((candidate) => candidate.id === id);
    if (law === undefined) throw new RangeError(`check(laws): there is no law ${id}`);
    return law;
  });
  // To hold nothing is not to hold: a misspelt name claims no law, and would pass every check.
  if (!chosenLaws.some(({ kind }) => kind === subject.kind)) {
    const got = laws.length === 0 ? 'none' : `${laws.join(', ')}, which are no laws of ${subject.kind}s`;
    const kinds = catalogue.filter(({ kind }) => kind === subject.kind).map(({ id }) => id);
    throw new RangeError(
      `check(laws): expected laws that ${subject.name} is to obey, got ${got}; of ${subject.kind}s there are ${kinds.join(', ')}`,
    );
  }
  const reports = chosenLaws.map((law) => judge(law, subject, seed, runs, path));
  return {
    subject: subject.name,
    holds: reports.every(({ verdict }) => verdict !== 'broken'),
    laws: reports,
  };
}

function judge(law: Law, subject: Subject, seed: number, runs: number, path?: string): LawReport {
  const { id, name, statement } = law;
  if (law.kind !== subject.kind) {
    return { id, name, statement, verdict: 'does not apply', runs: 0, worst: 0 };
  }
  let worst = 0;
  const property = law.property(subject, (ratio) => {
    if (!(ratio <= worst)) worst = ratio;
  });
  const details = fc.check(property, { seed, numRuns: runs, path });
  if (details.errorInstance instanceof OptionFixed) {
    const { message } = details.errorInstance;
    return { id, name, statement, verdict: 'does not apply', runs: 0, worst: 0, explanation: message };
  }
  if (!details.failed) return { id, name, statement, verdict: 'holds', runs: details.numRuns, worst };
  const { counterexample, counterexamplePath, errorInstance } = details;
  return {
    id,
    name,
    statement,
    verdict: 'broken',
    runs: details.numRuns,
    worst,
    counterexample: counterexample === null ? undefined : fc.stringify(counterexample[0]),
    explanation: explained(errorInstance, details.interrupted),
    replay: counterexamplePath === null ? undefined : { seed, path: counterexamplePath },
  };
}

function explained(error: unknown, interrupted: boolean): string {
  if (error instanceof Error) return error.message;
  if (error !== undefined && error !== null) return String(error);
  return interrupted
    ? 'interrupted before a verdict'
    : 'too few samples were fit for a comparison: the generator must be mended';
}
