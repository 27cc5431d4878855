/**
 * The grid that histograms of signed numbers share, so that those of different steps, methods and quantities lie beside
 * each other: bins of equal width in log |v| on both sides, and one in the middle for what is nearer to 0.
 *
 * The edges above 0 are 10^(least + k/perDecade), k = 0 … perDecade·(most − least); what lies beyond the last counts in
 * the outermost bin.
 */
export const signedLogGrid = { least: -10, most: 6, perDecade: 4 } as const;

/** Bins on each side of the middle. */
export const binsASide = signedLogGrid.perDecade * (signedLogGrid.most - signedLogGrid.least);
export const signedLogBins = 2 * binsASide + 1;

/** The bin of a number, counted from the most negative; −1 for NaN. */
export function signedLogBin(value: number): number {
  const size = Math.abs(value);
  if (!(size >= 0)) return -1;
  const { least, perDecade } = signedLogGrid;
  const out = Math.floor(perDecade * (Math.log10(size) - least));
  if (out < 0) return binsASide;
  const away = Math.min(binsASide - 1, out) + 1;
  return value > 0 ? binsASide + away : binsASide - away;
}

/** The least and the greatest number of a bin; ±∞ at the ends. */
export function signedLogEdges(bin: number): readonly [number, number] {
  const { least, perDecade } = signedLogGrid;
  const edge = (k: number) => (k >= binsASide ? Number.POSITIVE_INFINITY : 10 ** (least + k / perDecade));
  const away = bin - binsASide;
  if (away === 0) return [-edge(0), edge(0)];
  return away > 0 ? [edge(away - 1), edge(away)] : [-edge(-away), -edge(-away - 1)];
}

/** The share of some numbers, or of their weights, in each bin; NaN counts nowhere, so that shares may miss 1. */
export function signedLogShares(values: ArrayLike<number>, weights?: ArrayLike<number>): number[] {
  const shares = new Array<number>(signedLogBins).fill(0);
  const each = weights === undefined ? 1 / values.length : 1;
  for (let i = 0; i < values.length; i++) {
    const bin = signedLogBin(values[i]);
    if (bin >= 0) shares[bin] += each * (weights?.[i] ?? 1);
  }
  return shares;
}
