import type { FaultKind } from './faults.js';
import { History } from './history.js';
import { RaceHistory } from './race/race-history.js';
import type { Report } from './report.js';
import { type Kind, smallest } from './smallest.js';
import type { Sometimes } from './witness.js';

/** What a seed is played as: a training with operators, threads and checkpoints, and a race of several methods. */
export const kinds = { training: History, race: RaceHistory } as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as readonly KindName[];

/** Seeds in a row. */
export interface Stretch {
  readonly from: number;
  readonly seeds: number;
}

/** A seed whose history breaks: by what, with the fewest kinds of faults that show it. */
export interface Broken {
  readonly of: KindName;
  readonly seed: number;
  readonly violation: string;
  readonly faults: readonly FaultKind[];
}

/** What a stretch of a campaign was, as its journal keeps it. */
export interface Played extends Stretch {
  readonly lives: number;
  /** In how many histories each was met. */
  readonly seen: { readonly [K in Sometimes]?: number };
  readonly broken: readonly Broken[];
}

/** As what seeds are played, and which kinds of faults are left out. */
export interface Playing {
  readonly of: readonly KindName[];
  readonly without: readonly FaultKind[];
}

/** Plays the histories of some seeds, one after the other. */
export async function play(
  { from, seeds }: Stretch,
  { without, of }: Playing,
  told: (report: Report, of: KindName) => void = () => {},
): Promise<Played> {
  const seen: { [K in Sometimes]?: number } = {};
  const broken: Broken[] = [];
  let lives = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    for (const name of of) {
      const report = await new kinds[name](seed, { without }).run();
      told(report, name);
      lives += report.lives;
      for (const what of report.seen) seen[what] = (seen[what] ?? 0) + 1;
      if (report.violation === undefined) continue;
      const least = (await smallest(report, undefined, kinds[name])).report;
      broken.push({ of: name, seed, violation: least.violation!, faults: least.faults });
    }
  }
  return { from, seeds, lives, seen, broken };
}
