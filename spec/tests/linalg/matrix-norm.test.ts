import { describe, expect, it } from 'vitest';
import {
  applyQ,
  matrixNorm,
  multiply,
  pseudoinverse,
  qr,
  triangularSolve,
} from '../../../src/linalg/index.js';

const a = Float64Array.of(1, -2, 3, 4, 5, -6);

describe('matrixNorm', () => {
  it('sums columns, rows and squares', () => {
    expect(matrixNorm('one', a, 2, 3)).toBe(9);
    expect(matrixNorm('infinity', a, 2, 3)).toBe(15);
    expect(matrixNorm('max', a, 2, 3)).toBe(6);
    expect(matrixNorm('frobenius', a, 2, 3)).toBeCloseTo(Math.sqrt(91), 14);
    expect(matrixNorm('frobenius', new Float64Array(0), 0)).toBe(0);
  });

  it('neither overflows nor vanishes, and keeps NaN and infinity', () => {
    for (const exponent of [-1000, 1000]) {
      const scale = 2 ** exponent;
      expect(matrixNorm('frobenius', Float64Array.of(3 * scale, 4 * scale), 2)).toBe(5 * scale);
    }
    for (const which of ['one', 'infinity', 'frobenius', 'max'] as const) {
      expect(matrixNorm(which, Float64Array.of(1, Number.NaN, 2), 3)).toBeNaN();
      expect(matrixNorm(which, Float64Array.of(1, Number.NEGATIVE_INFINITY), 2)).toBe(
        Number.POSITIVE_INFINITY,
      );
    }
  });
});

describe('a word that means nothing', () => {
  it('is refused by name', () => {
    const square = new Float64Array(4).fill(1);
    expect(() => matrixNorm('two' as never, a, 2, 3)).toThrow("matrixNorm(which): expected 'one' or");
    expect(() => multiply(square, square, 2, 2, 2, 'up' as never)).toThrow('multiply(transpose)');
    expect(() => triangularSolve('low' as never, square, 2, square, 2)).toThrow('triangularSolve(triangle)');
    expect(() => qr(square, 2, 2, { pivots: true } as never)).toThrow('qr(pivots)');
    expect(() => pseudoinverse(square, 2, 2, { cutOff: 0.1 } as never)).toThrow('pseudoinverse(cutOff)');
    const factored = qr(square, 2, 2);
    if (factored.kind !== 'factored') throw new Error(factored.kind);
    expect(() => applyQ(factored, 'back' as never, square, 2)).toThrow('applyQ(which)');
  });
});
