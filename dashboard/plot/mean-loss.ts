import type { DrawnLoss } from './loss-plot.js';

/**
 * The mean over several runs of one method, step by step as far as all of them come, and the band from the least to
 * the largest.
 *
 * @throws RangeError where there is no run
 */
export function meanLoss(
  label: string,
  runs: readonly Pick<DrawnLoss, 'losses' | 'seconds' | 'outcome'>[],
): DrawnLoss {
  if (runs.length === 0) throw new RangeError(`meanLoss(runs): expected at least one run of ${label}`);
  const length = Math.min(...runs.map(({ losses }) => losses.length));
  const over = (read: (k: number) => number[], join: (values: number[]) => number) =>
    Array.from({ length }, (_, k) => join(read(k)));
  const losses = (k: number) => runs.map((run) => run.losses[k]);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const worst = runs.find(({ losses: own }) => own.length === length)?.outcome;
  return {
    label,
    losses: over(losses, mean),
    seconds: over((k) => runs.map((run) => run.seconds[k]), mean),
    band: {
      low: over(losses, (values) => Math.min(...values)),
      high: over(losses, (values) => Math.max(...values)),
    },
    note: `${runs.length} seeds`,
    ...(worst && { outcome: worst }),
  };
}
