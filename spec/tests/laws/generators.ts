import fc from 'fast-check';
import { expect } from 'vitest';
import { buckets } from '../../arbitraries/buckets.js';
import { seed } from '../../seed.js';

/** Every bucket holds something: a generator that stopped making what it is for fails here. */
export function expectFull<V>(
  arbitrary: fc.Arbitrary<V>,
  tests: Record<string, (sample: V) => boolean>,
): void {
  const counts = buckets(arbitrary, tests, { seed });
  for (const [name, count] of counts) expect(count, `bucket '${name}' is empty`).toBeGreaterThan(0);
}

/** What an arbitrary shrinks to when everything fails. */
export function smallest<V>(arbitrary: fc.Arbitrary<V>): V {
  const details = fc.check(
    fc.property(arbitrary, () => false),
    { seed },
  );
  return details.counterexample![0] as V;
}
