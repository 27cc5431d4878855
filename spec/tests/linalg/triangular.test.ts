import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverse, type Triangle, triangularSolve } from '../../../src/linalg/index.js';
import { randomMatrix } from './matrices.js';
import { frobenius, naiveProduct, naiveTranspose } from './residuals.js';

const triangles: Triangle[] = ['lower', 'upper', 'lowerTransposed', 'upperTransposed'];

/** A well-conditioned triangle, NaN in the half that must not be read, and the matrix it stands for. */
function triangle(which: Triangle, n: number, seed: number) {
  const stored = randomMatrix(n, n, seed);
  const meant = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (which.startsWith('lower') ? j > i : j < i) stored[i * n + j] = Number.NaN;
      else meant[i * n + j] = stored[i * n + j] = i === j ? 2 + i / n : stored[i * n + j] / n;
    }
  }
  return { stored, meant: which.endsWith('Transposed') ? naiveTranspose(meant, n, n) : meant };
}

describe('triangularSolve', () => {
  it.each(triangles)('has a residual ratio below 30 in blocks and in loops: %s', (which) => {
    const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 64, max: 100 }));
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 12 }), fc.nat(200), (n, columns, seed) => {
        const { stored, meant } = triangle(which, n, seed + 1);
        const b = randomMatrix(n, columns, seed + 2);
        const solved = triangularSolve(which, stored, n, b, columns);
        if (solved.kind !== 'solved') throw new Error(solved.kind);
        const residual = naiveProduct(meant, solved.x, n, n, columns).map((entry, i) => entry - b[i]);
        const scale = frobenius(meant) * frobenius(solved.x) + frobenius(b);
        expect(frobenius(residual)).toBeLessThan(30 * n * 2 ** -52 * scale);
        expect(triangularSolve(which, stored, n, b, columns, b)).toMatchObject({ kind: 'solved' });
        expect(b).toEqual(solved.x);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('names the first zero on the diagonal', () => {
    const t = Float64Array.of(1, 0, 0, 1, 0, 0, 1, 1, 0);
    expect(triangularSolve('lower', t, 3, new Float64Array(3))).toEqual({ kind: 'singular', column: 1 });
  });

  it('solves nothing for n = 0 and refuses wrong lengths', () => {
    expect(triangularSolve('lower', new Float64Array(0), 0, new Float64Array(0))).toMatchObject({
      kind: 'solved',
    });
    expect(() => triangularSolve('lower', new Float64Array(4), 2, new Float64Array(3))).toThrow(
      'triangularSolve(b): expected 2 entries, got 3',
    );
  });
});

describe('inverse', () => {
  it('has a residual ratio below 30', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(200), (n, seed) => {
        const a = randomMatrix(n, n, seed + 1);
        const result = inverse(a, n);
        if (result.kind !== 'inverted') throw new Error(result.kind);
        const product = naiveProduct(a, result.inverse, n, n, n);
        for (let i = 0; i < n; i++) product[i * n + i] -= 1;
        expect(frobenius(product)).toBeLessThan(30 * n * 2 ** -52 * frobenius(a) * frobenius(result.inverse));
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('passes failures on', () => {
    expect(inverse(Float64Array.of(1, 2, 2, 4), 2)).toEqual({ kind: 'singular', column: 1 });
    expect(inverse(Float64Array.of(1, Number.NaN, 2, 4), 2)).toEqual({ kind: 'nonFinite' });
  });
});
