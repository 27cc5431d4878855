import type { MeasureDescription } from '../../../src/index.js';
import { signedLogBins, signedLogEdges } from '../../../src/objective/signed-log-bins.js';

/** How often values lie in each bucket, which goes from the limit before its own to its own. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** More different values than these share buckets of equal width. */
const mostBuckets = 64;

/** The histogram of a list, or the one that it is; undefined where nothing of it is finite. */
export function histogramOf(
  values: readonly number[],
  entries?: MeasureDescription['entries'],
): Histogram | undefined {
  return entries === 'signedLog'
    ? ofShares(values.slice(0, signedLogBins))
    : ofValues(values.filter(Number.isFinite));
}

function ofValues(values: readonly number[]): Histogram | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted[sorted.length - 1]];
  const different = [...new Set(sorted)];
  const limits =
    different.length <= mostBuckets
      ? different
      : Array.from({ length: mostBuckets }, (_, k) => between(min, max, (k + 1) / mostBuckets));
  const counts = limits.map(() => 0);
  let bucket = 0;
  for (const value of sorted) {
    while (value > limits[bucket]) bucket++;
    counts[bucket]++;
  }
  const [sum, sumSquares] = sums(
    values,
    values.map(() => 1),
  );
  return { min, max, num: values.length, sum, sumSquares, limits, counts };
}

/** At a part of the way, the end itself at its end; the way may be longer than any number. */
const between = (min: number, max: number, part: number) =>
  part === 1 ? max : (1 - part) * min + part * max;

/** Of shares on the grid of `signedLogGrid`; each bin stands for its middle. */
function ofShares(shares: readonly number[]): Histogram | undefined {
  const first = shares.findIndex((share) => share > 0);
  if (first < 0) return undefined;
  const last = shares.findLastIndex((share) => share > 0);
  const bins = Array.from({ length: last - first + 1 }, (_, k) => signedLogEdges(first + k).map(finite));
  const counts = shares.slice(first, last + 1);
  const middles = bins.map(([low, high]) => (low + high) / 2);
  const [sum, sumSquares] = sums(middles, counts);
  return {
    min: bins[0][0],
    max: bins[bins.length - 1][1],
    num: counts.reduce((all, share) => all + share, 0),
    sum,
    sumSquares,
    limits: bins.map(([, high]) => high),
    counts,
  };
}

/** The outermost bins have no end. */
const finite = (edge: number) => Math.max(-1e7, Math.min(1e7, edge));

function sums(values: readonly number[], weights: readonly number[]): [sum: number, sumSquares: number] {
  return [
    values.reduce((sum, value, i) => sum + weights[i] * value, 0),
    values.reduce((sum, value, i) => sum + weights[i] * value * value, 0),
  ];
}
