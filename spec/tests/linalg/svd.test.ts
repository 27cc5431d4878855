import fc from 'fast-check';
import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { pseudoinverse, svd } from '../../../src/linalg/index.js';
import { orders, randomMatrix, scaled, symmetricCases, withSingularValues } from './matrices.js';
import { factorResidual, frobenius, naiveTranspose, normRatio, orthogonality, penrose } from './residuals.js';

function decompose(a: Float64Array, m: number, n: number) {
  const decomposed = svd(a, m, n);
  if (decomposed.kind !== 'decomposed') throw new Error(`${decomposed.kind} at ${m}×${n}`);
  return decomposed;
}

function obeys(a: Float64Array, m: number, n: number): void {
  const { u, values, v } = decompose(a, m, n);
  const least = Math.min(m, n);
  expect(factorResidual(a, m, n, u, values, v)).toBeLessThan(30);
  expect(orthogonality(u, m, least)).toBeLessThan(30);
  expect(orthogonality(v, n, least)).toBeLessThan(30);
  for (let k = 0; k < least; k++) {
    expect(values[k]).toBeGreaterThanOrEqual(0);
    if (k > 0) expect(values[k]).toBeLessThanOrEqual(values[k - 1]);
  }
}

const shapes: [number, number][] = [
  [1, 1],
  [1, 9],
  [9, 1],
  [100, 2],
  [2, 300],
  [17, 15],
  [40, 33],
  [33, 40],
  [200, 40],
  [50, 130],
  [65, 64],
];

describe('svd', () => {
  it.each(orders)('has residual ratios below 30, n = %i', (n) => obeys(randomMatrix(n, n, n), n, n));

  it.each(shapes)('has residual ratios below 30, %i×%i', (m, n) => obeys(randomMatrix(m, n, 2), m, n));

  it.each(symmetricCases())('has residual ratios below 30: $name', ({ a, n }) => obeys(a, n, n));

  it('finds the singular values it was given, for every shape and rank', () => {
    const exponents = fc.array(fc.integer({ min: -30, max: 8 }), { minLength: 1, maxLength: 26 });
    fc.assert(
      fc.property(exponents, fc.nat(12), fc.nat(5), fc.nat(500), (powers, zeros, more, seed) => {
        const given = [...powers.map((power) => 2 ** power), ...new Array(zeros).fill(0)].sort(
          (x, y) => y - x,
        );
        const n = given.length;
        const m = n + more;
        const a = withSingularValues(m, n, given, seed);
        const bound = 30 * m * 2 ** -52 * frobenius(a);
        const { values } = decompose(a, m, n);
        for (const [k, value] of values.entries())
          expect(Math.abs(value - given[k])).toBeLessThanOrEqual(bound);
        obeys(a, m, n);
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it('decomposes a wide matrix as the transpose of the tall one, to the last bit', () => {
    for (const [m, n] of [
      [9, 4],
      [60, 35],
    ]) {
      const a = randomMatrix(m, n, 3);
      const tall = decompose(a, m, n);
      const wide = decompose(naiveTranspose(a, m, n), n, m);
      expect(wide.values).toEqual(tall.values);
      expect(wide.u).toEqual(tall.v);
      expect(wide.v).toEqual(tall.u);
    }
  });

  it('agrees with ml-matrix', () => {
    const a = randomMatrix(50, 30, 4);
    const theirs = new SVD(Matrix.from1DArray(50, 30, a)).diagonal;
    for (const [k, value] of decompose(a, 50, 30).values.entries())
      expect(Math.abs(value - theirs[k])).toBeLessThan(60 * 50 * 2 ** -52 * theirs[0]);
  });

  it('survives a bidiagonal matrix with zeros on its diagonal', () => {
    for (const n of [5, 30]) {
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        a[i * n + i] = i % 3 === 1 ? 0 : i + 1;
        if (i + 1 < n) a[i * n + i + 1] = 1;
      }
      obeys(a, n, n);
      obeys(naiveTranspose(a, n, n), n, n);
    }
  });

  it('writes where it is told and leaves the matrix alone', () => {
    for (const [m, n] of [
      [6, 4],
      [50, 40],
    ]) {
      const a = randomMatrix(m, n, 5);
      const given = a.slice();
      const expected = decompose(a, m, n);
      const into = { u: new Float64Array(m * n), values: new Float64Array(n), v: new Float64Array(n * n) };
      svd(a, m, n, into);
      expect(into).toEqual({ u: expected.u, values: expected.values, v: expected.v });
      expect(a).toEqual(given);
    }
  });

  it.each([2, 30])('calls NaN and infinity by name, n = %i', (n) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const a = randomMatrix(n, n, 6);
      a[n] = value;
      expect(svd(a, n, n)).toEqual({ kind: 'nonFinite' });
    }
  });

  it('handles empty matrices and refuses wrong lengths', () => {
    expect(decompose(new Float64Array(0), 0, 0).values).toHaveLength(0);
    expect(decompose(new Float64Array(0), 5, 0).values).toHaveLength(0);
    expect(() => svd(new Float64Array(5), 2, 2)).toThrow('svd(a): expected 2×2 = 4 entries, got 5');
  });
});

describe('pseudoinverse', () => {
  it('obeys the four identities of Penrose on matrices with a gap in their spectrum', () => {
    const size = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(size, size, fc.nat(24), fc.nat(500), (m, n, wanted, seed) => {
        const rank = Math.min(m, n, wanted);
        const given = Array.from({ length: rank }, (_, k) => 2 ** -(k % 6));
        const a = withSingularValues(m, n, given, seed);
        const result = pseudoinverse(a, m, n);
        if (result.kind !== 'inverted') throw new Error(result.kind);
        expect(result.rank).toBe(rank);
        expect(penrose(a, m, n, result.inverse)).toBeLessThan(30);
        if (rank > 0) expect(normRatio(result.inverse, Math.max(m, n), given)).toBeLessThan(30);
      }),
      { seed: 2, numRuns: 150 },
    );
  });

  it('cuts off where it is told', () => {
    const a = Float64Array.of(4, 0, 0, 1);
    expect(pseudoinverse(a, 2, 2, { cutoff: 0.3 })).toMatchObject({
      rank: 1,
      inverse: Float64Array.of(0.25, 0, 0, 0),
    });
    expect(pseudoinverse(a, 2, 2)).toMatchObject({ rank: 2 });
    expect(() => pseudoinverse(a, 2, 2, { cutoff: 1 })).toThrow('pseudoinverse(cutoff)');
  });

  it('gives zeros for zeros and passes failures on', () => {
    expect(pseudoinverse(new Float64Array(6), 2, 3)).toMatchObject({ rank: 0, inverse: new Float64Array(6) });
    expect(pseudoinverse(scaled(new Float64Array(4).fill(1), Number.NaN), 2, 2)).toEqual({
      kind: 'nonFinite',
    });
  });
});
