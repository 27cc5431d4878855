import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimizer, minimizerTied, symmetric } from '../../../src/transforms/quadratic-minimizer.js';

const entry = fc.integer({ min: -8, max: 8 });

/** bᵀw + ½wᵀQw with Q = AᵀA + I, which has one minimizer. */
const quadratics = fc.integer({ min: 2, max: 4 }).chain((n) =>
  fc.record({
    a: fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
    b: fc.array(entry, { minLength: n, maxLength: n }),
    free: fc.integer({ min: 2, max: n }),
  }),
);

function matrixOf(a: readonly (readonly number[])[]): number[][] {
  const n = a.length;
  const upper: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) upper.push(a.reduce((sum, row) => sum + row[i] * row[j], i === j ? 1 : 0));
  }
  return symmetric(upper, n);
}

const slopesAt = (w: Float64Array, b: Float64Array, q: readonly (readonly number[])[]) =>
  q.map((row, i) => row.reduce((sum, qij, j) => sum + qij * w[j], b[i]));

test('the gradient over the free weights vanishes, and the others are 0', () => {
  fc.assert(
    fc.property(quadratics, ({ a, b, free }) => {
      const [slopes, q] = [Float64Array.from(b), matrixOf(a)];
      const w = minimizer(slopes, q, free);
      slopesAt(w, slopes, q).forEach((slope, i) => {
        if (i < free) expect(Math.abs(slope)).toBeLessThan(1e-9);
        else expect(w[i]).toBe(0);
      });
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('tied, the first two weights are one, along which the gradient vanishes', () => {
  fc.assert(
    fc.property(quadratics, ({ a, b, free }) => {
      const [slopes, q] = [Float64Array.from(b), matrixOf(a)];
      const w = minimizerTied(slopes, q, free);
      expect(w[0]).toBe(w[1]);
      const [first, second, ...rest] = slopesAt(w, slopes, q);
      expect(Math.abs(first + second)).toBeLessThan(1e-9);
      rest.slice(0, free - 2).forEach((slope) => {
        expect(Math.abs(slope)).toBeLessThan(1e-9);
      });
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('a direction that depends on those before it, or has no curvature, gets no weight', () => {
  const b = Float64Array.of(-1, -2, -1);
  const q = [
    [1, 2, 0],
    [2, 4, 0],
    [0, 0, 0],
  ];
  expect([...minimizer(b, q, 3)]).toStrictEqual([1, 0, 0]);
});
