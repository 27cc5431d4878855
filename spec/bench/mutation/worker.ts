import { readFileSync } from 'node:fs';
import type { onTheHost } from '../../holders.js';
import type { catalogue } from '../../laws/catalogue.js';
import { ModuleGraph } from './graph.js';
import { type Numbered, switched } from './switched.js';
import type * as trials from './trial.js';
import type { Trial, Tried } from './trial.js';
import { type Noted, sameResults } from './witness.js';

/*
 * The process that holds mutants against the laws: all of them switches in one copy of the sources. It is told what to
 * do by messages and may be ended at any time; what a mutant leaves behind is noticed, and then it says so and ends.
 */

export interface Work {
  readonly root: string;
  readonly sites: readonly Numbered[];
  readonly seed: number;
  readonly runs: number;
  /** The longest that the laws may take over one mutant, in ms. */
  readonly patience: number;
}

export type Judged = { readonly number: number; readonly milliseconds: number } & (
  | { readonly verdict: 'laws'; readonly by: string; readonly why: string }
  /** `same`: whatever the laws were handed was what it is without the mutant, up to rounding. */
  | { readonly verdict: 'lived' | 'same' | 'unreached'; readonly laws: number; readonly cut: boolean }
);

export type Told =
  | { readonly kind: 'ready'; readonly trials: number }
  | { readonly kind: 'judged'; readonly judged: Judged }
  /** A law was tried to its end. */
  | { readonly kind: 'alive' }
  /** The last mutant left something behind: whatever is still to do needs a new process. */
  | { readonly kind: 'spoilt' | 'done' };

let active = -1;
let reached = new Uint8Array(0);
let ticks = 0;
let mostTicks = Number.POSITIVE_INFINITY;
Object.assign(globalThis, {
  __at(number: number): boolean {
    reached[number] = 1;
    return number === active;
  },
  __tick(): void {
    if (++ticks > mostTicks) throw new Error('the mutant does not end');
  },
});

interface Known extends Trial {
  /** The sites that its first samples come by, and their files: a law that comes by a file at all does so at once. */
  readonly early: Uint8Array;
  readonly comesBy: ReadonlySet<string>;
  /** What it is without a mutant, once it was looked at. */
  whole?: Tried & { readonly reached: Uint8Array; readonly ticks: number };
  results?: Noted;
  /** How many mutants of a file it found. */
  readonly kills: Map<string, number>;
}

/** How many samples tell whether a law has anything to do with the files at all. */
const firstSamples = 2;

process.on('message', (message: { work: Work; numbers: readonly number[] }) => {
  const { work, numbers } = message;
  const known = rehearse(work);
  tell({ kind: 'ready', trials: known.length });
  for (const number of numbers) {
    const judged = judge(number, known, work);
    tell({ kind: 'judged', judged });
    if (judged.verdict === 'laws' && spoilt(judged.by, known, work)) {
      tell({ kind: 'spoilt' });
      break;
    }
  }
  process.send!({ kind: 'done' } satisfies Told, () => process.disconnect());
});

const tell = (told: Told) => process.send!(told);
let tryLaw: typeof trials.tryLaw;
let resultsOf: typeof trials.resultsOf;

/** The laws that come by these files within their first samples. */
function rehearse({ root, sites, seed }: Work): Known[] {
  const files = [...new Set(sites.map(({ file }) => file))];
  reached = new Uint8Array(sites.length + files.length);
  const texts = new Map(
    files.map((file, at) => {
      const path = `${root}/${file}`;
      return [
        path,
        switched(
          readFileSync(path, 'utf8'),
          sites.filter((site) => site.file === file),
          sites.length + at,
        ),
      ] as const;
    }),
  );
  const graph = new ModuleGraph(texts);
  const load = <T>(path: string, name: string) => graph.load(`${root}/${path}`)[name] as T;
  const laws = load<typeof catalogue>('spec/laws/catalogue.ts', 'catalogue');
  const subjects = load<typeof onTheHost>('spec/holders.ts', 'onTheHost')();
  tryLaw = load<typeof tryLaw>('spec/bench/mutation/trial.ts', 'tryLaw');
  resultsOf = load<typeof resultsOf>('spec/bench/mutation/trial.ts', 'resultsOf');
  const known: Known[] = [];
  for (const subject of subjects) {
    for (const law of laws) {
      if (law.kind !== subject.kind || !subject.claims.includes(law.id) || law.kind === 'factory') continue;
      const trial = { subject, law };
      reached.fill(0);
      tryLaw(trial, seed, firstSamples);
      tell({ kind: 'alive' });
      if (!reached.includes(1)) continue;
      const comesBy = new Set(files.filter((_, at) => reached[sites.length + at] === 1));
      known.push({ ...trial, early: reached.slice(), comesBy, kills: new Map() });
    }
  }
  return known;
}

/** The law on all samples without a mutant: it must hold. */
function wholly(trial: Known, { seed, runs }: Work): NonNullable<Known['whole']> {
  if (trial.whole === undefined) {
    reached.fill(0);
    ticks = 0;
    const tried = tryLaw(trial, seed, runs);
    if (tried.broken !== undefined)
      throw new Error(`${nameOf(trial)} is broken without a mutant: ${tried.broken}`);
    trial.whole = { ...tried, reached: reached.slice(), ticks };
  }
  return trial.whole;
}

function judge(number: number, known: readonly Known[], work: Work): Judged {
  const { file } = work.sites[number];
  const begin = performance.now();
  const took = () => performance.now() - begin;
  // Laws that found others in the same file, then the quick ones; those that come by the place late are last.
  const worth = ({ kills, whole }: Known) => ((kills.get(file) ?? 0) + 1) / ((whole?.milliseconds ?? 20) + 2);
  const mine = known.filter(({ comesBy }) => comesBy.has(file));
  const inOrder = [1, 0].flatMap((early) =>
    mine.filter((trial) => trial.early[number] === early).sort((a, b) => worth(b) - worth(a)),
  );
  const able: Known[] = [];
  let cut = false;
  let spent = 0;
  for (const trial of inOrder) {
    const { reached: there, ticks: usual } = wholly(trial, work);
    tell({ kind: 'alive' });
    if (there[number] === 0) continue;
    if (spent > work.patience) {
      cut = true;
      break;
    }
    able.push(trial);
    const { broken, milliseconds } = under(number, 20 * usual + 100_000, () =>
      tryLaw(trial, work.seed, work.runs),
    );
    spent += milliseconds;
    if (broken === undefined) continue;
    trial.kills.set(file, (trial.kills.get(file) ?? 0) + 1);
    return { number, verdict: 'laws', by: nameOf(trial), why: broken, milliseconds: took() };
  }
  const verdict = able.length === 0 ? 'unreached' : able.some(changed) ? 'lived' : 'same';
  return { number, verdict, laws: able.length, cut, milliseconds: took() };

  function changed(trial: Known): boolean {
    const look = () => resultsOf(trial, work.seed, work.runs);
    trial.results ??= look();
    return !sameResults(trial.results, under(number, 20 * trial.whole!.ticks + 100_000, look));
  }
}

/** What is done while a mutant is switched on. */
function under<V>(number: number, most: number, body: () => V): V {
  active = number;
  ticks = 0;
  mostTicks = most;
  try {
    return body();
  } finally {
    active = -1;
    mostTicks = Number.POSITIVE_INFINITY;
  }
}

/** Whether a mutant left something behind that breaks the law without it too. */
function spoilt(by: string, known: readonly Known[], { seed, runs }: Work): boolean {
  const trial = known.find((one) => nameOf(one) === by)!;
  return tryLaw(trial, seed, Math.min(runs, 20)).broken !== undefined;
}

const nameOf = ({ subject, law }: Trial) => `law ${law.id} on ${subject.name}`;
