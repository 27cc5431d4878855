import { readFileSync } from 'node:fs';
import type { onTheHost } from '../../holders.js';
import type { catalogue } from '../../laws/catalogue.js';
import { ModuleGraph } from './graph.js';
import { type Numbered, switched } from './switched.js';
import type * as trials from './trial.js';
import type { Trial, Tried } from './trial.js';

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
  /** `same`: every ratio was what it is without the mutant. */
  | { readonly verdict: 'lived' | 'same' | 'unreached'; readonly laws: number; readonly cut: boolean }
);

export type Told =
  | { readonly kind: 'ready'; readonly trials: number }
  | { readonly kind: 'judged'; readonly judged: Judged }
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

interface Known extends Trial, Tried {
  readonly reached: Uint8Array;
  readonly ticks: number;
  kills: number;
}

process.on('message', (message: { work: Work; numbers: readonly number[] }) => {
  const known = rehearse(message.work);
  tell({ kind: 'ready', trials: known.length });
  for (const number of message.numbers) {
    const judged = judge(number, known, message.work);
    tell({ kind: 'judged', judged });
    if (judged.verdict === 'laws' && spoilt(judged.by, known, message.work)) {
      tell({ kind: 'spoilt' });
      break;
    }
  }
  process.send!({ kind: 'done' } satisfies Told, () => process.disconnect());
});

const tell = (told: Told) => process.send!(told);
let tryLaw: typeof trials.tryLaw;

/** Every law once without a mutant: which sites it reaches, how long it takes, what its ratios are. */
function rehearse({ root, sites, seed, runs }: Work): Known[] {
  reached = new Uint8Array(sites.length);
  const files = new Set(sites.map(({ file }) => file));
  const texts = new Map(
    [...files].map((file) => {
      const path = `${root}/${file}`;
      return [
        path,
        switched(
          readFileSync(path, 'utf8'),
          sites.filter((site) => site.file === file),
        ),
      ] as const;
    }),
  );
  const graph = new ModuleGraph(texts);
  const load = <T>(path: string, name: string) => graph.load(`${root}/${path}`)[name] as T;
  const laws = load<typeof catalogue>('spec/laws/catalogue.ts', 'catalogue');
  const subjects = load<typeof onTheHost>('spec/holders.ts', 'onTheHost')();
  tryLaw = load<typeof tryLaw>('spec/bench/mutation/trial.ts', 'tryLaw');
  const known: Known[] = [];
  for (const subject of subjects) {
    for (const law of laws) {
      if (law.kind !== subject.kind || !subject.claims.includes(law.id) || law.kind === 'factory') continue;
      const trial = { subject, law };
      // Two samples tell whether the law has anything to do with the files at all.
      reached.fill(0);
      tryLaw(trial, seed, 2);
      if (!reached.includes(1)) continue;
      reached.fill(0);
      ticks = 0;
      const tried = tryLaw(trial, seed, runs);
      if (tried.broken !== undefined)
        throw new Error(`${nameOf(trial)} is broken without a mutant: ${tried.broken}`);
      known.push({ ...trial, ...tried, reached: reached.slice(), ticks, kills: 0 });
    }
  }
  return known;
}

function judge(number: number, known: readonly Known[], { seed, runs, patience }: Work): Judged {
  const begin = performance.now();
  const took = () => performance.now() - begin;
  const able = known.filter((trial) => trial.reached[number] === 1);
  if (able.length === 0) return { number, verdict: 'unreached', laws: 0, cut: false, milliseconds: took() };
  // Those that found others in the same file, then the quick ones.
  able.sort((a, b) => (b.kills + 1) / (b.milliseconds + 2) - (a.kills + 1) / (a.milliseconds + 2));
  let changed = false;
  let laws = 0;
  active = number;
  try {
    for (const trial of able) {
      if (took() > patience) break;
      laws++;
      ticks = 0;
      mostTicks = 20 * trial.ticks + 100_000;
      const { broken, fingerprint } = tryLaw(trial, seed, runs);
      if (broken !== undefined) {
        trial.kills++;
        return { number, verdict: 'laws', by: nameOf(trial), why: broken, milliseconds: took() };
      }
      changed ||= fingerprint !== trial.fingerprint;
    }
  } finally {
    active = -1;
    mostTicks = Number.POSITIVE_INFINITY;
  }
  return { number, verdict: changed ? 'lived' : 'same', laws, cut: laws < able.length, milliseconds: took() };
}

/** Whether a mutant left something behind that breaks the law without it too. */
function spoilt(by: string, known: readonly Known[], { seed, runs }: Work): boolean {
  const trial = known.find((one) => nameOf(one) === by)!;
  const { broken, fingerprint } = tryLaw(trial, seed, Math.min(runs, 20));
  return broken !== undefined || (runs <= 20 && fingerprint !== trial.fingerprint);
}

const nameOf = ({ subject, law }: Trial) => `law ${law.id} on ${subject.name}`;
