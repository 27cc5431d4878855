import fc from 'fast-check';

/**
 * How many of `runs` samples fall into each named bucket, so that a test can refuse a generator that never
 * makes what it is meant to make.
 *
 * @example buckets(spectral(), { 'κ = 1': (a) => condition(a) === 1, 'κ > 8': (a) => condition(a) > 8 })
 */
export function buckets<V>(
  arbitrary: fc.Arbitrary<V>,
  tests: { readonly [name: string]: (sample: V) => boolean },
  { runs = 1_000, seed = 1 } = {},
): Map<string, number> {
  const counts = new Map(Object.keys(tests).map((name) => [name, 0]));
  for (const sample of fc.sample(arbitrary, { numRuns: runs, seed })) {
    for (const [name, test] of Object.entries(tests)) {
      if (test(sample)) counts.set(name, counts.get(name)! + 1);
    }
  }
  return counts;
}
