import fc from 'fast-check';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  cholesky,
  choleskyLogDeterminant,
  choleskySolve,
  inverseNormEstimate,
  matrixNorm,
  modifiedCholesky,
  positiveDefiniteInverse,
} from '../../../src/linalg/index.js';
import { condition, spectral } from '../../arbitraries/matrices.js';
import { orders, randomMatrix, scaled, symmetricCases, withSpectrum } from './matrices.js';
import { choleskyResidual, differenceRatio, naiveProduct } from './residuals.js';

function factor(a: Float64Array, n: number) {
  const factored = cholesky(a, n);
  if (factored.kind !== 'factored') throw new Error(`${factored.kind} at n = ${n}`);
  return factored;
}

/** Eigenvalues from 1 to κ. */
const definite = (n: number, exponent: number, seed: number) =>
  withSpectrum(
    Array.from({ length: n }, (_, i) => 2 ** (n === 1 ? 0 : (exponent * i) / (n - 1))),
    seed,
  );

describe('cholesky', () => {
  it.each(orders)('has a residual ratio below 30 and a lower factor, n = %i', (n) => {
    for (const exponent of [0, 8, 40]) {
      const a = definite(n, exponent, n);
      const { factor: l } = factor(a, n);
      expect(choleskyResidual(a, n, l)).toBeLessThan(30);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l[i * n + j]).toBe(0);
    }
  });

  it('has a residual ratio below 30 on matrices of chosen spectrum', () => {
    fc.assert(
      fc.property(spectral({ sizes: { min: 1, max: 30 }, reach: 6 }), ({ n, matrix }) => {
        expect(choleskyResidual(matrix, n, factor(matrix, n).factor)).toBeLessThan(30);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('is equivariant under powers of four, to the last bit', () => {
    for (const n of [5, 33]) {
      const a = definite(n, 10, 3);
      for (const exponent of [-500, 500]) {
        const { factor: l } = factor(scaled(a, 2 ** exponent), n);
        expect(l).toEqual(scaled(factor(a, n).factor, 2 ** (exponent / 2)));
      }
    }
  });

  it('factors in place, into a given array, and reads the lower triangle only', () => {
    for (const n of [6, 37]) {
      const a = definite(n, 5, 4);
      const expected = factor(a, n).factor;
      const into = new Float64Array(n * n).fill(9);
      cholesky(a, n, into);
      expect(into).toEqual(expected);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = Number.NaN;
      expect(cholesky(a, n, a)).toMatchObject({ kind: 'factored' });
      expect(a).toEqual(expected);
    }
  });

  it.each([6, 17, 40, 65])('says which pivot failed, n = %i', (n) => {
    for (const bad of [0, 1, 3, n - 2, n - 1]) {
      const a = definite(n, 5, 5);
      a[bad * n + bad] = -1;
      expect(cholesky(a, n)).toEqual({ kind: 'notPositiveDefinite', pivot: bad });
    }
    expect(cholesky(new Float64Array(n * n), n)).toEqual({ kind: 'notPositiveDefinite', pivot: 0 });
  });

  it.each([3, 20, 41])('calls NaN and infinity by name, n = %i', (n) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const [i, j] of [
        [0, 0],
        [n - 1, n - 1],
        [n - 1, 0],
        [2, 1],
      ]) {
        const a = definite(n, 3, 6);
        a[i * n + j] = value;
        expect(cholesky(a, n)).toEqual({ kind: 'nonFinite' });
        expect(cholesky(a, n, a)).toEqual({ kind: 'nonFinite' });
      }
    }
  });

  it('agrees with ml-matrix', () => {
    const a = definite(40, 6, 7);
    const theirs = new CholeskyDecomposition(Matrix.from1DArray(40, 40, a)).lowerTriangularMatrix.to1DArray();
    const { factor: l } = factor(a, 40);
    expect(differenceRatio(theirs, l, 40 * 2 ** 6)).toBeLessThan(30);
  });

  it('handles the empty matrix and refuses wrong lengths', () => {
    expect(cholesky(new Float64Array(0), 0)).toMatchObject({ kind: 'factored' });
    expect(() => cholesky(new Float64Array(5), 2)).toThrow('cholesky(a): expected 2×2 = 4 entries, got 5');
    expect(() => cholesky(new Float64Array(4), 2, new Float64Array(3))).toThrow('cholesky(into)');
  });
});

describe('choleskySolve', () => {
  it('has a residual ratio below 30, in place too', () => {
    fc.assert(
      fc.property(spectral({ sizes: { min: 1, max: 12 }, reach: 10 }), fc.nat(100), ({ n, matrix }, seed) => {
        const b = randomMatrix(n, 1, seed + 1);
        const x = choleskySolve(factor(matrix, n), b);
        const residual = naiveProduct(matrix, x, n, n, 1).map((entry, i) => entry - b[i]);
        const scale =
          matrixNorm('frobenius', matrix, n, n) * matrixNorm('frobenius', x, n) +
          matrixNorm('frobenius', b, n);
        expect(matrixNorm('frobenius', residual, n)).toBeLessThan(30 * n * 2 ** -52 * scale);
        expect(choleskySolve(factor(matrix, n), b, b)).toEqual(x);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('gives the logarithm of the determinant where the determinant is out of range', () => {
    const n = 20;
    const a = scaled(definite(n, 0, 8), 2 ** 200);
    expect(choleskyLogDeterminant(factor(a, n))).toBeCloseTo(n * 200 * Math.LN2, 8);
  });
});

describe('positiveDefiniteInverse', () => {
  it.each([1, 2, 9, 40, 70, 100])('inverts, and is symmetric to the last bit, n = %i', (n) => {
    const a = definite(n, 8, 9);
    const result = positiveDefiniteInverse(a, n);
    if (result.kind !== 'inverted') throw new Error(result.kind);
    const product = naiveProduct(a, result.inverse, n, n, n);
    for (let i = 0; i < n; i++) product[i * n + i] -= 1;
    const bound =
      30 * n * 2 ** -52 * matrixNorm('frobenius', a, n, n) * matrixNorm('frobenius', result.inverse, n, n);
    expect(matrixNorm('frobenius', product, n, n)).toBeLessThan(bound);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) expect(result.inverse[i * n + j]).toBe(result.inverse[j * n + i]);
  });

  it('passes failures on', () => {
    expect(positiveDefiniteInverse(Float64Array.of(1, 0, 0, -1), 2)).toEqual({
      kind: 'notPositiveDefinite',
      pivot: 1,
    });
  });
});

describe('inverseNormEstimate', () => {
  it('is a lower bound within a factor of three on matrices of chosen condition', () => {
    fc.assert(
      fc.property(spectral({ sizes: { min: 1, max: 8 }, reach: 8 }), (spectrum) => {
        const { n, matrix } = spectrum;
        const factored = factor(matrix, n);
        const inverse = positiveDefiniteInverse(matrix, n);
        if (inverse.kind !== 'inverted') throw new Error(inverse.kind);
        const truth = matrixNorm('one', inverse.inverse, n, n);
        const estimate = inverseNormEstimate(n, (x) => choleskySolve(factored, x, x));
        expect(estimate).toBeLessThanOrEqual(truth * (1 + 30 * n * condition(spectrum) * 2 ** -52));
        expect(estimate).toBeGreaterThan(truth / 3);
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});

describe('modifiedCholesky', () => {
  it('adds nothing to a matrix that is safely positive definite', () => {
    for (const n of [1, 2, 5, 20]) {
      const a = definite(n, 3, 10);
      const factored = modifiedCholesky(a, n);
      if (factored.kind !== 'factored') throw new Error(factored.kind);
      expect(factored.added.every((entry) => entry === 0)).toBe(true);
      expect(choleskyResidual(a, n, factored.factor)).toBeLessThan(30);
    }
  });

  it.each(symmetricCases())('factors A + E with E ≥ 0 diagonal: $name', ({ a, n }) => {
    const factored = modifiedCholesky(a, n);
    if (factored.kind !== 'factored') throw new Error(factored.kind);
    const sum = a.slice();
    for (let i = 0; i < n; i++) {
      expect(factored.added[i]).toBeGreaterThanOrEqual(0);
      sum[i * n + i] += factored.added[i];
      expect(factored.factor[i * n + i]).toBeGreaterThan(0);
    }
    const largest = matrixNorm('max', sum, n, n);
    const l = scaled(factored.factor, 1 / Math.sqrt(largest));
    expect(choleskyResidual(scaled(sum, 1 / largest), n, l)).toBeLessThan(30);
  });

  it('calls NaN by name', () => {
    expect(modifiedCholesky(Float64Array.of(1, 0, Number.NaN, 1), 2)).toEqual({ kind: 'nonFinite' });
  });
});
