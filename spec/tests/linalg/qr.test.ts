import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyQ, type Qr, qr, qrSolve, qrWorkspace, upperFactor } from '../../../src/linalg/index.js';
import { orders, randomMatrix, scaled, symmetricCases, withSingularValues } from './matrices.js';
import {
  differenceRatio,
  frobenius,
  naiveProduct,
  naiveTranspose,
  normalized,
  orthogonality,
} from './residuals.js';

function factor(a: Float64Array, m: number, n: number, pivoting = true): Qr {
  const factored = qr(a, m, n, { pivoting });
  if (factored.kind !== 'factored') throw new Error(`${factored.kind} at ${m}×${n}`);
  return factored;
}

/** The first min(m, n) columns of Q. */
function thinQ(factored: Qr): Float64Array {
  const { m, n } = factored;
  const least = Math.min(m, n);
  const q = new Float64Array(m * least);
  for (let i = 0; i < least; i++) q[i * least + i] = 1;
  return applyQ(factored, 'plain', q, least);
}

function obeys(a: Float64Array, m: number, n: number, pivoting = true): void {
  const factored = factor(a, m, n, pivoting);
  const least = Math.min(m, n);
  const q = thinQ(factored);
  const permuted = Float64Array.from(a, (_, k) => a[Math.floor(k / n) * n + factored.columns[k % n]]);
  const [matrix, r] = normalized(permuted, upperFactor(factored));
  expect(differenceRatio(matrix, naiveProduct(q, r, m, least, n), Math.max(m, n))).toBeLessThan(30);
  expect(orthogonality(q, m, least)).toBeLessThan(30);
  expect([...factored.columns].sort((x, y) => x - y)).toEqual(Array.from({ length: n }, (_, j) => j));
  if (!pivoting) return;
  // |rᵢᵢ| is no less than the norm of what stands below row i in any later column.
  for (let i = 0; i < least; i++) {
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = i; k <= Math.min(j, least - 1); k++) sum += r[k * n + j] ** 2;
      expect(Math.sqrt(sum)).toBeLessThanOrEqual(
        Math.abs(r[i * n + i]) * (1 + 2 ** -20) + 30 * Math.max(m, n) * 2 ** -52 * frobenius(matrix),
      );
    }
  }
}

describe('qr', () => {
  it.each(orders.filter((n) => n < 70))('has residual ratios below 30, n = %i', (n) => {
    obeys(randomMatrix(n, n, n), n, n);
    obeys(randomMatrix(n, n, n), n, n, false);
    obeys(randomMatrix(n + 7, n, n), n + 7, n);
    obeys(randomMatrix(n, n + 7, n), n, n + 7);
  });

  it.each(symmetricCases().filter(({ n }) => n < 40))('has residual ratios below 30: $name', ({ a, n }) => {
    obeys(a, n, n);
  });

  it('counts the rank where the spectrum has a gap', () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(size, size, fc.nat(20), fc.nat(300), (m, n, wanted, seed) => {
        const rank = Math.min(m, n, wanted);
        const a = withSingularValues(
          m,
          n,
          Array.from({ length: rank }, (_, k) => 2 ** -(k % 8)),
          seed,
        );
        expect(factor(a, m, n).rank).toBe(rank);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('keeps the order of the columns without pivoting', () => {
    expect([...factor(randomMatrix(6, 4, 1), 6, 4, false).columns]).toEqual([0, 1, 2, 3]);
  });

  it('factors in place with nothing allocated, and calls NaN by name', () => {
    const a = randomMatrix(9, 5, 2);
    const expected = factor(a, 9, 5);
    const into = { ...qrWorkspace(9, 5), factors: a };
    const factored = qr(a, 9, 5, { into });
    expect(factored).toEqual({ ...expected, factors: a });
    expect(qr(Float64Array.of(1, Number.NaN), 2, 1)).toEqual({ kind: 'nonFinite' });
    expect(qr(Float64Array.of(1, Number.POSITIVE_INFINITY), 1, 2)).toEqual({ kind: 'nonFinite' });
  });

  it('handles empty matrices and refuses wrong lengths', () => {
    expect(factor(new Float64Array(0), 0, 0).rank).toBe(0);
    expect(factor(new Float64Array(0), 3, 0).rank).toBe(0);
    expect(() => qr(new Float64Array(5), 2, 2)).toThrow('qr(a): expected 2×2 = 4 entries, got 5');
  });
});

describe('applyQ', () => {
  it('is undone by its transpose', () => {
    for (const [m, n, columns] of [
      [7, 4, 1],
      [20, 20, 3],
      [5, 9, 4],
    ]) {
      const factored = factor(randomMatrix(m, n, 3), m, n);
      const b = randomMatrix(m, columns, 4);
      const back = applyQ(factored, 'transposed', applyQ(factored, 'plain', b, columns), columns);
      expect(differenceRatio(b, back, m)).toBeLessThan(30);
    }
  });
});

describe('qrSolve', () => {
  it('leaves a residual orthogonal to the columns', () => {
    const size = fc.integer({ min: 1, max: 15 });
    fc.assert(
      fc.property(size, size, fc.nat(300), fc.integer({ min: -400, max: 400 }), (m, n, seed, exponent) => {
        const a = scaled(randomMatrix(m, n, seed + 1), 2 ** exponent);
        const b = randomMatrix(m, 1, seed + 2);
        const x = qrSolve(factor(a, m, n), b);
        const solution = scaled(x, 2 ** exponent);
        const unit = scaled(a, 2 ** -exponent);
        const residual = naiveProduct(unit, solution, m, n, 1).map((entry, i) => b[i] - entry);
        const along = naiveProduct(naiveTranspose(unit, m, n), residual, n, m, 1);
        const scale = frobenius(unit) * (frobenius(unit) * frobenius(solution) + frobenius(b));
        expect(frobenius(along)).toBeLessThanOrEqual(30 * Math.max(m, n) * 2 ** -52 * scale);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('gives a basic solution of a rank-deficient problem', () => {
    const a = Float64Array.of(1, 2, 2, 4, 3, 6);
    const x = qrSolve(factor(a, 3, 2), Float64Array.of(2, 4, 6));
    expect(x[0]).toBe(0);
    expect(x[1]).toBeCloseTo(1, 14);
  });
});
