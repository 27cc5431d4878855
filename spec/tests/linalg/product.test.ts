import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { multiply, type Transposed } from '../../../src/linalg/index.js';
import { randomMatrix } from './matrices.js';
import { naiveProduct, naiveTranspose } from './residuals.js';

const ways: Transposed[] = ['none', 'left', 'right', 'both'];

function stored(
  transpose: Transposed,
  left: Float64Array,
  right: Float64Array,
  m: number,
  k: number,
  n: number,
) {
  return [
    transpose === 'left' || transpose === 'both' ? naiveTranspose(left, m, k) : left,
    transpose === 'right' || transpose === 'both' ? naiveTranspose(right, k, n) : right,
  ] as const;
}

/** |C − LR| ≤ inner·ε·|L||R| entry by entry, the bound every order of summation obeys. */
function withinBound(
  c: Float64Array,
  left: Float64Array,
  right: Float64Array,
  m: number,
  k: number,
  n: number,
) {
  const exact = naiveProduct(left, right, m, k, n);
  const sizes = naiveProduct(left.map(Math.abs), right.map(Math.abs), m, k, n);
  return c.every((entry, i) => Math.abs(entry - exact[i]) <= 2 * Math.max(1, k) * 2 ** -52 * sizes[i]);
}

describe('multiply', () => {
  it('stays within the bound of summation for every shape and transpose', () => {
    const size = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(size, size, size, fc.constantFrom(...ways), fc.nat(1000), (m, k, n, transpose, seed) => {
        const [left, right] = [randomMatrix(m, k, seed + 1), randomMatrix(k, n, seed + 2)];
        const [l, r] = stored(transpose, left, right, m, k, n);
        expect(withinBound(multiply(l, r, m, k, n, transpose), left, right, m, k, n)).toBe(true);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each(ways)('is exact on whole numbers across several panels, transposed: %s', (transpose) => {
    const [m, k, n] = [67, 523, 35];
    const whole = (rows: number, columns: number, seed: number) =>
      randomMatrix(rows, columns, seed).map((entry) => Math.round(entry * 100));
    const [left, right] = [whole(m, k, 3), whole(k, n, 4)];
    const [l, r] = stored(transpose, left, right, m, k, n);
    expect(multiply(l, r, m, k, n, transpose)).toEqual(naiveProduct(left, right, m, k, n));
  });

  it('agrees with ml-matrix', () => {
    const [left, right] = [randomMatrix(50, 60, 5), randomMatrix(60, 70, 6)];
    const theirs = Matrix.from1DArray(50, 60, left)
      .mmul(Matrix.from1DArray(60, 70, right))
      .to1DArray();
    for (const [i, entry] of multiply(left, right, 50, 60, 70).entries()) {
      expect(Math.abs(entry - theirs[i])).toBeLessThan(60 * 60 * 2 ** -52);
    }
  });

  it('writes into the given array and leaves the operands alone', () => {
    const [left, right] = [randomMatrix(20, 20, 7), randomMatrix(20, 20, 8)];
    const [l, r] = [left.slice(), right.slice()];
    const into = new Float64Array(400).fill(Number.NaN);
    expect(multiply(left, right, 20, 20, 20, 'none', into)).toBe(into);
    expect(into.some(Number.isNaN)).toBe(false);
    expect([left, right]).toEqual([l, r]);
  });

  it('lets NaN through, and only into its own row', () => {
    const left = randomMatrix(20, 20, 9);
    left[5 * 20 + 3] = Number.NaN;
    const product = multiply(left, randomMatrix(20, 20, 10), 20, 20, 20);
    for (const [at, entry] of product.entries()) expect(Number.isNaN(entry)).toBe(Math.floor(at / 20) === 5);
  });

  it('refuses wrong lengths, dimensions and an operand as its target', () => {
    const a = new Float64Array(4);
    expect(() => multiply(a, a, 2, 3, 2)).toThrow('multiply(left): expected 2×3 = 6 entries, got 4');
    expect(() => multiply(a, a, 2, 2, 3)).toThrow('multiply(right): expected 2×3 = 6 entries, got 4');
    expect(() => multiply(a, a, -2, 2, 2)).toThrow('multiply(rows): expected a whole number ≥ 0, got -2');
    expect(() => multiply(a, new Float64Array(4), 2, 2, 2, 'none', a)).toThrow('multiply(into)');
    expect(() => multiply([1, 2, 3, 4] as never, a, 2, 2, 2)).toThrow('expected a Float64Array');
  });
});
