import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, matrixVector, norm } from '../../../src/index.js';
import { naiveProduct } from './residuals.js';

const epsilon = 2 ** -52;
const size = fc.integer({ min: 0, max: 13 });
const vector = (length: number) =>
  fc
    .array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: length, maxLength: length })
    .map((entries) => Float64Array.from(entries));

describe('vectors', () => {
  it('multiply as by definition, within the rounding of their sums', () => {
    fc.assert(
      fc.property(
        size.chain((m) => size.chain((n) => fc.tuple(vector(m * n), vector(n), fc.constant([m, n])))),
        ([a, x, [m, n]]) => {
          const into = new Float64Array(m).fill(Number.NaN);
          matrixVector(a, x, into);
          const expected = naiveProduct(a, x, m, n, 1);
          const sizes = naiveProduct(a.map(Math.abs), x.map(Math.abs), m, n, 1);
          for (let i = 0; i < m; i++) {
            const alone = dot(a.subarray(i * n, (i + 1) * n), x);
            for (const entry of [into[i], alone]) {
              expect(Math.abs(entry - expected[i])).toBeLessThanOrEqual(2 * n * epsilon * sizes[i]);
            }
          }
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  it('have a length that neither overflows nor vanishes, and keeps NaN and infinity', () => {
    for (const exponent of [-1040, -1000, 0, 1000]) {
      const scale = 2 ** exponent;
      expect(norm(Float64Array.of(3 * scale, -4 * scale))).toBe(5 * scale);
    }
    expect(norm(Float64Array.of(1, Number.NaN))).toBeNaN();
    expect(norm(Float64Array.of(1, Number.NEGATIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
    expect(norm(new Float64Array(0))).toBe(0);
  });

  it('are refused where lengths disagree, or the result would overwrite an operand', () => {
    const [two, three] = [new Float64Array(2), new Float64Array(3)];
    expect(() => dot(two, three)).toThrow('dot(y): expected 2 entries, got 3');
    expect(() => matrixVector(new Float64Array(5), two, three)).toThrow(
      'matrixVector(a): expected 3×2 = 6 entries, got 5',
    );
    expect(() => matrixVector(new Float64Array(4), two, two)).toThrow('matrixVector(into)');
  });
});
