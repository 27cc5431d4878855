/** What every decomposition returns for a matrix with a NaN or ±∞ in it, or one that overflowed on the way. */
export interface NonFinite {
  readonly kind: 'nonFinite';
}

export const nonFinite: NonFinite = Object.freeze({ kind: 'nonFinite' });

/** Whether no entry is NaN or ±∞: x − x is 0 for every other number. */
export function allFinite(values: Float64Array): boolean {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] - values[i];
  return total === 0;
}
