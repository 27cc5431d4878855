import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../src/linalg/index.js';
import { spectral } from '../../arbitraries/matrices.js';
import { orders, randomMatrix, scaled, symmetricCases, withSpectrum } from './matrices.js';
import { eigenResidual, frobenius, orthogonality } from './residuals.js';

function eigen(a: Float64Array, n: number) {
  const decomposed = symmetricEigen(a, n);
  if (decomposed.kind !== 'decomposed') throw new Error(`${decomposed.kind} at n = ${n}`);
  return decomposed;
}

function symmetric(n: number, seed: number): Float64Array {
  const random = randomMatrix(n, n, seed);
  return random.map((_, k) => random[k] + random[(k % n) * n + Math.floor(k / n)]);
}

function obeys(a: Float64Array, n: number): void {
  const { values, vectors } = eigen(a, n);
  expect(eigenResidual(a, n, values, vectors)).toBeLessThan(30);
  expect(orthogonality(vectors, n, n)).toBeLessThan(30);
  for (let k = 1; k < n; k++) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
}

describe('symmetricEigen', () => {
  it.each(orders)('has residual ratios below 30, n = %i', (n) => obeys(symmetric(n, n), n));

  it.each(symmetricCases())('has residual ratios below 30: $name', ({ a, n }) => obeys(a, n));

  it('finds the eigenvalues it was given', () => {
    fc.assert(
      fc.property(spectral({ sizes: { min: 1, max: 24 }, reach: 8, signs: 'any' }), (given) => {
        const { values } = eigen(given.matrix, given.n);
        const expected = Float64Array.from(given.eigenvalues).sort();
        // Weyl: each moves by at most the perturbation, here the roundings of building and decomposing.
        const bound = 30 * given.n * 2 ** -52 * frobenius(given.matrix);
        for (const [k, value] of values.entries())
          expect(Math.abs(value - expected[k])).toBeLessThanOrEqual(bound);
        obeys(given.matrix, given.n);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('finds the eigenvalues of the second difference, 2 − 2cos(kπ/(n+1))', () => {
    for (const n of [10, 64]) {
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        a[i * n + i] = 2;
        if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
      }
      for (const [k, value] of eigen(a, n).values.entries()) {
        const exact = 4 * Math.sin(((k + 1) * Math.PI) / (2 * (n + 1))) ** 2;
        expect(Math.abs(value - exact)).toBeLessThan(30 * n * 2 ** -52);
      }
    }
  });

  it('agrees with ml-matrix', () => {
    const a = symmetric(40, 3);
    const theirs = new EigenvalueDecomposition(Matrix.from1DArray(40, 40, a), { assumeSymmetric: true });
    const expected = Float64Array.from(theirs.realEigenvalues).sort();
    for (const [k, value] of eigen(a, 40).values.entries())
      expect(Math.abs(value - expected[k])).toBeLessThan(60 * 40 * 2 ** -52 * frobenius(a));
  });

  it('reads the lower triangle only, and writes where it is told', () => {
    for (const n of [6, 40]) {
      const a = symmetric(n, 4);
      const expected = eigen(a, n);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = 1e6;
      const into = { values: new Float64Array(n), vectors: new Float64Array(n * n) };
      const given = a.slice();
      const decomposed = symmetricEigen(a, n, into);
      expect(decomposed).toMatchObject({ kind: 'decomposed' });
      expect(into.values).toEqual(expected.values);
      expect(into.vectors).toEqual(expected.vectors);
      expect(a).toEqual(given);
    }
  });

  it('gives the same bits after other work has used the kernels', () => {
    const a = symmetric(30, 5);
    const first = eigen(a, 30).vectors.slice();
    eigen(symmetric(90, 6), 90);
    expect(eigen(a, 30).vectors).toEqual(first);
  });

  it.each([2, 7, 30])('calls NaN and infinity by name, n = %i', (n) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const at of [0, (n - 1) * n, n * n - 1]) {
        const a = symmetric(n, 7);
        a[at] = value;
        expect(symmetricEigen(a, n)).toEqual({ kind: 'nonFinite' });
      }
    }
    expect(symmetricEigen(new Float64Array(n * n).fill(Number.MAX_VALUE), n)).toEqual({ kind: 'nonFinite' });
  });

  it('handles the empty matrix, one entry, and refuses wrong lengths', () => {
    expect(eigen(new Float64Array(0), 0).values).toHaveLength(0);
    expect([...eigen(Float64Array.of(-3), 1).values]).toEqual([-3]);
    expect([...eigen(Float64Array.of(-3), 1).vectors]).toEqual([1]);
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow(
      'symmetricEigen(a): expected 2×2 = 4 entries',
    );
  });

  it('is equivariant under powers of two far outside the range of squares', () => {
    const values = [-2, 1, 1, 3, 5, 8, 13, 21];
    for (const exponent of [-900, 900]) {
      const found = eigen(scaled(withSpectrum(values, 8), 2 ** exponent), 8).values;
      for (const [k, value] of found.entries()) expect(value * 2 ** -exponent).toBeCloseTo(values[k], 10);
    }
  });

  it('keeps subnormal eigenvalues to the last bit they have', () => {
    const unit = Number.MIN_VALUE;
    expect([...eigen(Float64Array.of(3 * unit, 0, 0, -5 * unit), 2).values]).toEqual([-5 * unit, 3 * unit]);
    expect([...eigen(Float64Array.of(0, 8 * unit, 8 * unit, 0), 2).values]).toEqual([-8 * unit, 8 * unit]);
  });
});
