import { shown } from './argument.js';

/**
 * Looks a name up in a table, and tells someone who misspelt it what was probably meant.
 *
 * @throws RangeError `method: expected one of adam, momentum, got 'adma'; did you mean 'adam'?`
 * @example named('method', 'adam', new Map([['adam', adam]]))
 */
export function named<V>(what: string, name: unknown, table: ReadonlyMap<string, V>): V {
  const found = table.get(name as string);
  if (found !== undefined) return found;
  const nearest = typeof name === 'string' ? nearestName(name, table.keys()) : undefined;
  throw new RangeError(
    `${what}: expected one of ${[...table.keys()].join(', ')}, got ${shown(name)}` +
      (nearest === undefined ? '' : `; did you mean '${nearest}'?`),
  );
}

/** The candidate nearest to a name, letter case aside, or undefined where none is near: at most a third differs. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least && distance <= Math.max(2, Math.max(name.length, candidate.length) / 3)) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/**
 * How many letters must be inserted, deleted, replaced or swapped with their neighbour to get from `a` to `b`.
 *
 * Source: Damerau 1964; optimal string alignment by dynamic programming over three rows.
 */
export function editDistance(a: string, b: string): number {
  let twoBefore: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], twoBefore[j - 2] + 1);
      }
    }
    twoBefore = before;
    before = row;
  }
  return before[b.length];
}
