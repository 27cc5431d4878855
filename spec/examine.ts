import { type LawReport, lawOf, tell, tryLaw } from './check.js';
import { type DrawnPath, drawnPath } from './drawn-path.js';
import { traits } from './laws/traits.js';
import { type Likeness, likenesses } from './likeness.js';
import type { Subject } from './subjects/subject.js';

/** What an examination finds, piece by piece. */
export type Finding =
  | ({ readonly event: 'law' } & LawReport)
  | ({ readonly event: 'trait' } & LawReport)
  | { readonly event: 'likeness'; readonly alike: readonly Likeness[] }
  /** Nothing where no bowl suits it. */
  | { readonly event: 'path'; readonly drawn: DrawnPath | undefined };

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
/** The word for where it goes on a function of two variables. */
export const path2d = 'path';

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
  let alike: readonly Likeness[] = [];
  for (const [i, id] of agenda.entries()) {
    const left = Math.max(0.2, (end - performance.now()) / 1_000) / (agenda.length - i);
    if (id === likeness) {
      alike = subject.kind === 'optimizer' ? unless(() => likenesses(subject, seed), subject) : [];
      yield { event: 'likeness', alike };
      continue;
    }
    if (id === path2d) {
      const known = alike;
      const drawn =
        subject.kind === 'optimizer' ? unless(() => [drawnPath(subject, known)], subject)[0] : undefined;
      yield { event: 'path', drawn };
      continue;
    }
    const isTrait = traits.some((trait) => trait.id === id);
    const tried = tryLaw(lawOf(id), subject, { seed, runs, path, seconds: Math.max(left, 0.1) });
    const report = tell(tried, told);
    if (!isTrait) told.push(report);
    yield { event: isTrait ? 'trait' : 'law', ...report };
  }
}

/** What is found out of a subject, or nothing where it misbehaves, of which laws tell. */
function unless<V>(find: () => readonly V[], subject: Subject): readonly V[] {
  try {
    return subject.scope(find);
  } catch {
    return [];
  }
}
