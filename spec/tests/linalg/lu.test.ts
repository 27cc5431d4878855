import { describe, expect, it } from 'vitest';
import { lu, luDeterminant, luSolve } from '../../../src/linalg/index.js';

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
});
