import fc from 'fast-check';
import { inner, plus } from '../oracles/dense/matrices.js';
import type { Pair } from '../oracles/dense/updates.js';
import { nonzeroVector } from './dyadic.js';

/** Pairs (s, y) of steps and gradient changes in n dimensions. */
export interface PairSequence {
  readonly n: number;
  readonly pairs: readonly Pair[];
}

export interface PairOptions {
  sizes?: { min: number; max: number };
  count?: { min: number; max: number };
  /** What cos(s, y) may be; in one dimension it is its sign. */
  cosines?: readonly number[];
}

/** All cosines at which a quasi-Newton update keeps its digits. */
export const wellAngled = [1, 0.9, 0.5, 0.3] as const;

/**
 * Sequences of pairs whose cosines are chosen and not met by accident: y = ‖s‖(c·ŝ + √(1−c²)·w)·2ᵏ with w ⊥ s.
 * Shrinks to one pair s = y in one dimension.
 */
export function pairSequences(options: PairOptions = {}): fc.Arbitrary<PairSequence> {
  const { sizes = { min: 1, max: 4 }, count = { min: 1, max: 4 }, cosines = wellAngled } = options;
  return fc.integer(sizes).chain((n) =>
    fc
      .array(
        fc
          .tuple(
            nonzeroVector(n),
            nonzeroVector(n),
            fc.constantFrom(...cosines),
            fc.integer({ min: -2, max: 2 }),
          )
          .map(([s, w, cosine, exponent]) => pairOf(s, w, cosine, 2 ** exponent)),
        { minLength: count.min, maxLength: count.max },
      )
      .map((pairs) => ({ n, pairs })),
  );
}

/** cos(s, y). */
export function cosineOf({ s, y }: Pair): number {
  return inner(s, y) / Math.sqrt(inner(s, s) * inner(y, y));
}

function pairOf(step: readonly number[], towards: readonly number[], cosine: number, factor: number): Pair {
  const s = Float64Array.from(step);
  const w = plus(Float64Array.from(towards), s, -inner(towards, s) / inner(s, s));
  const length = Math.sqrt(inner(w, w));
  const sine = Math.sqrt(1 - cosine * cosine);
  const size = Math.sqrt(inner(s, s));
  if (sine === 0 || length <= 1e-6 * size) return { s, y: s.map((si) => Math.sign(cosine) * factor * si) };
  return { s, y: s.map((si, i) => factor * (cosine * si + (sine * size * w[i]) / length)) };
}
