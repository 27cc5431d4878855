import fc from 'fast-check';

/**
 * A well-shaped number k/2¹⁰ with |k| ≤ 2¹²: exact in float32 and float64, as are its sums, products with
 * powers of two and sign changes. Shrinks to 0.
 */
export function dyadic(): fc.Arbitrary<number> {
  return fc.integer({ min: -4096, max: 4096 }).map((k) => k / 1024);
}

/** A dyadic number other than 0. Shrinks to 1. */
export function nonzeroDyadic(): fc.Arbitrary<number> {
  return fc
    .tuple(fc.constantFrom(1, -1), fc.integer({ min: 0, max: 4095 }))
    .map(([sign, k]) => (sign * (k < 1024 ? 1024 - k : k + 1)) / 1024);
}

/** 2ᵏ with |k| ≤ reach. Shrinks to 1. */
export function scale(reach = 10): fc.Arbitrary<number> {
  return fc.integer({ min: -reach, max: reach }).map((k) => 2 ** k);
}

/** A vector of n dyadic numbers. */
export function dyadicVector(n: number): fc.Arbitrary<number[]> {
  return fc.array(dyadic(), { minLength: n, maxLength: n });
}

export function nonzeroVector(n: number): fc.Arbitrary<number[]> {
  return fc.array(nonzeroDyadic(), { minLength: n, maxLength: n });
}
