import { type LawReport, lawOf, tell, tryLaw } from './check.js';
import { traits } from './laws/traits.js';
import { type Likeness, likenesses } from './likeness.js';
import type { Subject } from './subjects/subject.js';

/** What an examination finds, piece by piece. */
export type Finding =
  | ({ readonly event: 'law' } & LawReport)
  | ({ readonly event: 'trait' } & LawReport)
  | { readonly event: 'likeness'; readonly alike: readonly Likeness[] };

export interface ExamineOptions {
  readonly seed: number;
  /** Samples a law or trait. */
  readonly runs: number;
  /** For all of it; what comes late is tried on fewer samples. */
  readonly seconds: number;
  /** Where in a former run to begin, of the one law or trait there then is. */
  readonly path?: string;
}

/** The word that stands in an agenda for the search of methods that behave alike. */
export const likeness = 'likeness';

/**
 * What there is to be found out about a subject: the laws it claims, which methods it behaves like, and, of one that
 * claims to be no method, its traits.
 */
export function agendaOf(subject: Subject): readonly string[] {
  if (subject.kind !== 'optimizer') return subject.claims;
  const unknown = subject.method === 'stranger' ? traits.map(({ id }) => id) : [];
  return [...subject.claims, likeness, ...unknown];
}

/** Works an agenda off, one finding a piece. */
export function* examine(
  subject: Subject,
  agenda: readonly string[],
  { seed, runs, seconds, path }: ExamineOptions,
): Generator<Finding> {
  const end = performance.now() + seconds * 1_000;
  const told: LawReport[] = [];
  for (const [i, id] of agenda.entries()) {
    const left = Math.max(0.2, (end - performance.now()) / 1_000) / (agenda.length - i);
    if (id === likeness) {
      const alike = subject.kind === 'optimizer' ? likelyOf(subject, seed) : [];
      yield { event: 'likeness', alike };
      continue;
    }
    const isTrait = traits.some((trait) => trait.id === id);
    const tried = tryLaw(lawOf(id), subject, { seed, runs, path, seconds: Math.max(left, 0.1) });
    const report = tell(tried, told);
    if (!isTrait) told.push(report);
    yield { event: isTrait ? 'trait' : 'law', ...report };
  }
}

/** A subject that misbehaves is like no method. */
function likelyOf(subject: Extract<Subject, { kind: 'optimizer' }>, seed: number): readonly Likeness[] {
  try {
    return subject.scope(() => likenesses(subject, seed));
  } catch {
    return [];
  }
}
