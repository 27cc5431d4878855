import { LuDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { lu, luDeterminant, luSolve } from '../../../src/linalg/index.js';
import { orders, randomMatrix } from './matrices.js';
import { differenceRatio, frobenius, naiveProduct } from './residuals.js';

describe('lu', () => {
  it('solves with a zero in the first pivot place', () => {
    const factored = lu(Float64Array.of(0, 1, 2, 3), 2);
    if (factored.kind !== 'factored') throw new Error(factored.kind);
    expect([...luSolve(factored, Float64Array.of(1, 5))]).toEqual([1, 1]);
    expect(luDeterminant(factored)).toBe(-2);
  });

  it('names the column of a singular matrix and of one that is not finite', () => {
    expect(lu(Float64Array.of(1, 2, 2, 4), 2)).toEqual({ kind: 'singular', column: 1 });
    expect(lu(Float64Array.of(1, 2, Number.NaN, 4), 2)).toEqual({ kind: 'nonFinite' });
    expect(lu(Float64Array.of(1, Number.POSITIVE_INFINITY, 0, 4), 2).kind).toBe('nonFinite');
  });

  it('refuses a wrong length', () => {
    expect(() => lu(new Float64Array(3), 2)).toThrow('lu(a): expected 2×2 = 4 entries, got 3');
  });

  it('has a residual ratio below 30 in loops and in panels', () => {
    for (const n of orders) {
      for (const seed of [1, 2]) {
        const a = randomMatrix(n, n, seed * n);
        const factored = lu(a, n);
        if (factored.kind !== 'factored') throw new Error(factored.kind);
        const { factors, pivots } = factored;
        const lower = factors.map((entry, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          return i > j ? entry : i === j ? 1 : 0;
        });
        const upper = factors.map((entry, at) => (Math.floor(at / n) <= at % n ? entry : 0));
        const product = naiveProduct(lower, upper, n, n, n);
        permuteBack(product, n, pivots);
        // Partial pivoting is stable up to the growth of the entries, here that of |L||U|.
        const growth =
          frobenius(naiveProduct(lower.map(Math.abs), upper.map(Math.abs), n, n, n)) / frobenius(a);
        expect(differenceRatio(a, product, n * growth)).toBeLessThan(30);
        expect(lower.every((entry) => Math.abs(entry) <= 1)).toBe(true);
      }
    }
  });

  it('solves with a residual ratio below 30, in place too, and agrees with ml-matrix', () => {
    for (const n of [1, 5, 48, 49, 80]) {
      const a = randomMatrix(n, n, 3 * n);
      const b = randomMatrix(n, 1, 4 * n);
      const factored = lu(a, n);
      if (factored.kind !== 'factored') throw new Error(factored.kind);
      const x = luSolve(factored, b);
      const residual = naiveProduct(a, x, n, n, 1).map((entry, i) => entry - b[i]);
      expect(frobenius(residual)).toBeLessThan(
        30 * n * 2 ** -52 * (frobenius(a) * frobenius(x) + frobenius(b)),
      );
      const theirs = new LuDecomposition(Matrix.from1DArray(n, n, a)).determinant;
      expect(Math.abs(luDeterminant(factored) / theirs - 1)).toBeLessThan(1e-9);
      expect(luSolve(factored, b, b)).toEqual(x);
    }
  });

  it('factors in place and names the singular column, in panels too', () => {
    for (const n of [6, 70]) {
      const a = randomMatrix(n, n, 5);
      const expected = lu(a, n);
      for (let i = 0; i < n; i++) a[i * n + n - 2] = 0;
      expect(lu(a, n)).toEqual({ kind: 'singular', column: n - 2 });
      const b = randomMatrix(n, n, 5);
      expect(lu(b, n, { factors: b, pivots: new Int32Array(n) })).toEqual(expected);
    }
  });
});

function permuteBack(a: Float64Array, n: number, pivots: Int32Array): void {
  for (let k = n - 1; k >= 0; k--) {
    const [row, other] = [a.slice(k * n, k * n + n), a.slice(pivots[k] * n, pivots[k] * n + n)];
    a.set(other, k * n);
    a.set(row, pivots[k] * n);
  }
}
