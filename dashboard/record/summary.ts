/** Some stretch of a series in buckets of equal width; buckets without steps are left out. */
export interface Summary {
  /** How many step numbers a bucket covers: step, step + 1, …, step + width − 1. With width 1 all is exact. */
  readonly width: number;
  /** The first step number of each bucket. */
  readonly step: Float64Array;
  /** Over the finite values; +∞ where there are none. */
  readonly min: Float64Array;
  /** Over the finite values; −∞ where there are none. */
  readonly max: Float64Array;
  /** Over the finite values; NaN where there are none. */
  readonly mean: Float64Array;
  /** How many finite values. */
  readonly values: Uint32Array;
  /** What else was there: the sum of `mark.nan`, `mark.infinity` and `mark.minusInfinity`. */
  readonly marks: Uint8Array;
}

/** The marks of a bucket in which a series was NaN, +∞ or −∞. */
export const mark = { nan: 1, infinity: 2, minusInfinity: 4 } as const;

export function markOf(x: number): number {
  if (Number.isFinite(x)) return 0;
  return Number.isNaN(x) ? mark.nan : x > 0 ? mark.infinity : mark.minusInfinity;
}
