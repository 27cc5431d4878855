import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance } from '../../../src/algebra/nearest-name.js';
import { nearestName } from '../../../src/index.js';
import { seed } from '../../seed.js';

/** The same distance by its recursive definition. */
function naive(a: string, b: string): number {
  if (a === '' || b === '') return Math.max(a.length, b.length);
  const swapped = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0];
  return Math.min(
    naive(a.slice(1), b) + 1,
    naive(a, b.slice(1)) + 1,
    naive(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
    swapped ? naive(a.slice(2), b.slice(2)) + 1 : Number.POSITIVE_INFINITY,
  );
}

test('the distance is the one of its definition', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
  fc.assert(
    fc.property(word, word, (a, b) => editDistance(a, b) === naive(a, b)),
    { seed, numRuns: 200 },
  );
});

test.each([
  ['adma', 'adam'],
  ['ADAM', 'adam'],
  ['rmsporp', 'rmsprop'],
  ['gradientDescend', 'gradientDescent'],
  ['somethingElse', undefined],
])('%s is near %s', (name, nearest) => {
  expect(nearestName(name, ['adam', 'adamw', 'rmsprop', 'gradientDescent'])).toBe(nearest);
});
