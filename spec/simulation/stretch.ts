import type { FaultKind } from './faults.js';
import { History, type Report } from './history.js';
import { smallest } from './smallest.js';
import type { Sometimes } from './witness.js';

/** Seeds in a row. */
export interface Stretch {
  readonly from: number;
  readonly seeds: number;
}

/** A seed whose history breaks: by what, with the fewest kinds of faults that show it. */
export interface Broken {
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

/** Plays the histories of some seeds, one after the other. */
export async function play(
  { from, seeds }: Stretch,
  without: readonly FaultKind[],
  told: (report: Report) => void = () => {},
): Promise<Played> {
  const seen: { [K in Sometimes]?: number } = {};
  const broken: Broken[] = [];
  let lives = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const report = await new History(seed, { without }).run();
    told(report);
    lives += report.lives;
    for (const what of report.seen) seen[what] = (seen[what] ?? 0) + 1;
    if (report.violation === undefined) continue;
    const least = (await smallest(report)).report;
    broken.push({ seed, violation: least.violation!, faults: least.faults });
  }
  return { from, seeds, lives, seen, broken };
}
