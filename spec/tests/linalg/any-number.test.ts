import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allFinite,
  cholesky,
  inverse,
  lu,
  modifiedCholesky,
  positiveDefiniteInverse,
  pseudoinverse,
  qr,
  svd,
  symmetricEigen,
} from '../../../src/linalg/index.js';
import { orthogonality } from './residuals.js';

/** Any bit pattern: NaN, infinities, subnormals, and magnitudes hundreds of orders apart in one matrix. */
const anyMatrix = fc
  .integer({ min: 1, max: 20 })
  .chain((n) =>
    fc.tuple(
      fc.constant(n),
      fc.oneof(
        fc.float64Array({ minLength: n * n, maxLength: n * n, noNaN: true, noDefaultInfinity: true }),
        fc.float64Array({ minLength: n * n, maxLength: n * n }),
      ),
    ),
  );

/** Arrays in a result are finite, or the result is named otherwise. */
function named(result: { readonly kind: string }, good: string, others: readonly string[]): boolean {
  if (result.kind !== good) return others.includes(result.kind);
  return Object.values(result).every(
    (value: unknown) => !(value instanceof Float64Array) || allFinite(value),
  );
}

describe('on any numbers', () => {
  it('every decomposition ends, and is finite or named otherwise', () => {
    fc.assert(
      fc.property(anyMatrix, ([n, a]) => {
        const given = a.slice();
        const eigen = symmetricEigen(a, n);
        expect(named(eigen, 'decomposed', ['nonFinite'])).toBe(true);
        if (eigen.kind === 'decomposed') expect(orthogonality(eigen.vectors, n, n)).toBeLessThan(30);
        const singular = svd(a, n, n);
        expect(named(singular, 'decomposed', ['nonFinite'])).toBe(true);
        if (singular.kind === 'decomposed') {
          expect(orthogonality(singular.u, n, n)).toBeLessThan(30);
          expect(orthogonality(singular.v, n, n)).toBeLessThan(30);
        }
        expect(named(qr(a, n, n), 'factored', ['nonFinite'])).toBe(true);
        expect(named(lu(a, n), 'factored', ['singular', 'nonFinite'])).toBe(true);
        expect(named(cholesky(a, n), 'factored', ['notPositiveDefinite', 'nonFinite'])).toBe(true);
        expect(named(modifiedCholesky(a, n), 'factored', ['nonFinite'])).toBe(true);
        expect(named(inverse(a, n), 'inverted', ['singular', 'nonFinite'])).toBe(true);
        expect(named(pseudoinverse(a, n, n), 'inverted', ['nonFinite'])).toBe(true);
        const definite = positiveDefiniteInverse(a, n);
        expect(named(definite, 'inverted', ['notPositiveDefinite', 'nonFinite'])).toBe(true);
        expect(a).toEqual(given);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
