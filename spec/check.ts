import fc from 'fast-check';
import { chosen, type OptionsOf, whole } from '../src/algebra/option.js';
import { catalogue } from './laws/catalogue.js';
import { BrokenLaw, type Law } from './laws/law.js';
import type { Deviation } from './laws/tolerance.js';
import { traits } from './laws/traits.js';
import type { StepPicture } from './step-picture.js';
import { Misbehaviour, OptionFixed } from './subjects/foreign/misbehaviour.js';
import { traitsInWords, traitsOf } from './subjects/method-traits.js';
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
  /** After so long, and ten samples, a law is tried no further: it then holds in fewer runs. */
  seconds?: number;
}

export const checkOptions: OptionsOf<Pick<CheckOptions, 'seed' | 'runs'>> = {
  seed: whole(1, '(-∞, ∞)', 'decides the samples'),
  runs: whole(100, '[1, ∞)', 'samples a law'),
};

export interface LawReport {
  readonly id: string;
  readonly name: string;
  readonly statement: string;
  /** Undecided is a law whose samples showed misbehaviour that another law tells of. */
  readonly verdict: 'holds' | 'broken' | 'does not apply' | 'undecided';
  readonly runs: number;
  /** The largest ratio of deviation to tolerance that was seen; above 1 the law is broken. */
  readonly worst: number;
  /** The smallest sample found that breaks it, as code a person can read. */
  readonly counterexample?: string;
  /** What was expected and what was got on it; or why the law does not apply. */
  readonly explanation?: string;
  /** The comparison that failed, where it came to one. */
  readonly deviation?: Deviation;
  /** The counterexample as a picture, where it has two variables. */
  readonly picture?: StepPicture;
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
  const { laws = subject.claims } = options;
  const chosenLaws = laws.map(lawOf);
  // To hold nothing is not to hold: a misspelt name claims no law, and would pass every check.
  if (!chosenLaws.some(({ kind }) => kind === subject.kind)) {
    const got = laws.length === 0 ? 'none' : `${laws.join(', ')}, which are no laws of ${subject.kind}s`;
    const kinds = catalogue.filter(({ kind }) => kind === subject.kind).map(({ id }) => id);
    throw new RangeError(
      `check(laws): expected laws that ${subject.name} is to obey, got ${got}; of ${subject.kind}s there are ${kinds.join(', ')}`,
    );
  }
  const reports: LawReport[] = [];
  for (const law of chosenLaws) reports.push(tell(tryLaw(law, subject, options), reports));
  return {
    subject: subject.name,
    holds: reports.every(({ verdict }) => verdict === 'holds' || verdict === 'does not apply'),
    laws: reports,
  };
}

/** @throws RangeError where there is no law or trait of this id */
export function lawOf(id: string): Law {
  const law = [...catalogue, ...traits].find((candidate) => candidate.id === id);
  if (law === undefined) throw new RangeError(`check(laws): there is no law ${id}`);
  return law;
}

/** What even a slow subject is tried on. */
const leastSamples = 10;

/** A report beside those before it: misbehaviour is told once. */
export function tell(report: Tried, before: readonly LawReport[]): LawReport {
  const { misbehaved, ...told } = report;
  if (!misbehaved || before.every(({ verdict }) => verdict !== 'broken')) return told;
  const { id, name, statement, runs, worst, explanation } = told;
  return { id, name, statement, verdict: 'undecided', runs, worst, explanation };
}

/** A report, and whether what ended it was no comparison but misbehaviour of the subject. */
export type Tried = LawReport & { readonly misbehaved?: true };

/** Holds a subject against one law, or tries one trait. */
export function tryLaw(law: Law, subject: Subject, options: Omit<CheckOptions, 'laws'> = {}): Tried {
  const { seed, runs } = chosen('check', checkOptions, options, ['laws', 'path', 'seconds']);
  const { path, seconds } = options;
  const { id, name, statement } = law;
  if (law.kind !== subject.kind) {
    return { id, name, statement, verdict: 'does not apply', runs: 0, worst: 0 };
  }
  const lacks = subject.kind === 'optimizer' ? law.needs?.find((one) => !traitsOf(subject)[one]) : undefined;
  if (lacks !== undefined) {
    const explanation = `speaks of methods that ${traitsInWords[lacks]}`;
    return { id, name, statement, verdict: 'does not apply', runs: 0, worst: 0, explanation };
  }
  let worst = 0;
  let sampled = 0;
  const end = performance.now() + (seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const late = () => {
    if (sampled >= leastSamples && performance.now() > end) return true;
    sampled++;
    return false;
  };
  const property = law.property(
    subject,
    (ratio) => {
      if (!(ratio <= worst)) worst = ratio;
    },
    late,
  );
  const details = fc.check(property, { seed, numRuns: runs, path });
  const { counterexample, counterexamplePath, errorInstance: error, interrupted, failed } = details;
  if (error instanceof OptionFixed) {
    const { message } = error;
    return { id, name, statement, verdict: 'does not apply', runs: 0, worst: 0, explanation: message };
  }
  const tried = { id, name, statement, runs: details.numRuns, worst };
  if (!failed) return { ...tried, runs: Math.min(sampled, details.numRuns), verdict: 'holds' };
  const explanation = explained(error, interrupted);
  return {
    ...tried,
    verdict: 'broken',
    counterexample: counterexample === null ? undefined : fc.stringify(counterexample[0]),
    explanation,
    ...(error instanceof BrokenLaw && {
      deviation: error.deviation,
      picture: law.picture?.(subject, counterexample?.[0]),
    }),
    replay: counterexamplePath === null ? undefined : { seed, path: counterexamplePath },
    ...(error instanceof Misbehaviour && { misbehaved: true }),
  };
}

function explained(error: unknown, interrupted: boolean): string {
  if (error instanceof Error) return error.message;
  if (error !== undefined && error !== null) return String(error);
  return interrupted
    ? 'interrupted before a verdict'
    : 'too few samples were fit for a comparison: the generator must be mended';
}
