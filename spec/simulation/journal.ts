import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Played, Stretch } from './stretch.js';

/** A file with a line for each stretch that was played, so that a campaign goes on where it was left. */
export class Journal {
  constructor(readonly path: string | undefined) {}

  /** What it holds; a last line that was cut off is none. */
  read(): Played[] {
    if (this.path === undefined || !existsSync(this.path)) return [];
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Played);
  }

  write(played: Played): void {
    if (this.path !== undefined) appendFileSync(this.path, `${JSON.stringify(played)}\n`);
  }
}

/** The stretches of at most `most` seeds that are left of one when some were played. */
export function left({ from, seeds }: Stretch, played: readonly Stretch[], most: number): Stretch[] {
  const known = new Set(played.flatMap((one) => Array.from({ length: one.seeds }, (_, i) => one.from + i)));
  const stretches: Stretch[] = [];
  for (let seed = from; seed < from + seeds; ) {
    let end = seed;
    while (end < from + seeds && end - seed < most && !known.has(end)) end++;
    if (end > seed) stretches.push({ from: seed, seeds: end - seed });
    seed = Math.max(end, seed + 1);
  }
  return stretches;
}
