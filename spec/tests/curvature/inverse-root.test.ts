import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coupledNewtonRoot, largestEigenvalue } from '../../../src/curvature/coupled-newton.js';
import { inverseRootOf } from '../../../src/curvature/inverse-root.js';
import { float64, inverseRoot } from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import { compose, spectral } from '../../arbitraries/matrices.js';
import { jacobiRoot } from '../../oracles/inverse-root.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

const reflections = [
  [1, 2, 3],
  [3, -1, 1],
];
const distance = (x: Float64Array, y: Float64Array) => norm(x.map((entry, i) => entry - y[i])) / norm(y);

describe('inverseRoot', () => {
  it('agrees with Jacobi, ridge and all', () => {
    fc.assert(
      fc.property(
        spectral({ reach: 4 }),
        fc.constantFrom(1, 2, 4, 6),
        fc.constantFrom(0, 1e-3, 1),
        (a, p, ridge) => {
          const found = inverseRoot(a.matrix, a.n, p, ridge);
          const expected = jacobiRoot(a.matrix, a.n, 1 / p, ridge);
          expect(found.kind === 'inverted' && distance(found.root, expected)).toBeLessThan(1e-10);
        },
      ),
      { seed },
    );
  });

  it('leaves out what is zero or the rounding of zero', () => {
    const { matrix } = compose([4, 0, 0], reflections);
    const found = inverseRoot(matrix, 3, 2);
    const expected = matrix.map((entry) => entry / 8); // 4 → ½
    expect(found.kind === 'inverted' && distance(found.root, expected)).toBeLessThan(1e-12);
    expect(inverseRoot(new Float64Array(4), 2, 4, 1e-6)).toEqual({
      kind: 'inverted',
      root: new Float64Array(4),
    });
  });

  it('tells what is not finite, and refuses what is no root', () => {
    expect(inverseRoot(Float64Array.of(1, 0, Number.NaN, 1), 2, 2).kind).toBe('nonFinite');
    expect(inverseRoot(Float64Array.of(1e-320), 1, 1 / 8).kind).toBe('nonFinite');
    expect(() => inverseRoot(Float64Array.of(1), 1, 0)).toThrow(
      'inverseRoot(p): expected a number > 0, got 0',
    );
    expect(() => inverseRoot(Float64Array.of(1), 1, 2, -1)).toThrow(
      'inverseRoot(ridge): expected a number ≥ 0',
    );
    expect(() => inverseRoot(Float64Array.of(1), 2, 2)).toThrow('inverseRoot(a): expected 2×2');
  });
});

describe('roots by products of matrices', () => {
  it('find the largest eigenvalue from below', () => {
    const { matrix } = compose([16, 2, 1], reflections);
    float64.scope(() => {
      const found = largestEigenvalue(float64, float64.array(matrix, [3, 3]));
      expect(found).toBeLessThanOrEqual(16 * (1 + 1e-12));
      expect(found).toBeGreaterThan(15.9);
      expect(largestEigenvalue(float64, float64.fill([2, 2], 0))).toBe(0);
    });
  });

  it('say so where they do not converge, and the host finds the root in float64', async () => {
    await useBackend('wasm');
    const { matrix, n } = compose([1, 2 ** -16, 2 ** -33], reflections);
    const before = tensors.live();
    tensors.scope(() => {
      const a = tensors.array(matrix, [n, n]);
      expect(coupledNewtonRoot(tensors, a, 4).kind).toBe('notConverged');
      const rule = { ridge: 0, by: 'newton', tolerance: 0 } as const;
      const found = inverseRootOf(tensors, a, 4, 1, rule, null);
      // The matrix was rounded to float32 on its way; its root is that of the rounded one.
      const expected = jacobiRoot(tensors.values(a), n, 1 / 4);
      expect(found).toMatchObject({ kind: 'inverted', by: 'eigen' });
      expect(found.kind === 'inverted' && distance(tensors.values(found.root), expected)).toBeLessThan(1e-6);
      const easy = inverseRootOf(tensors, a, 4, 1, { ...rule, ridge: 1e-3 }, null);
      expect(easy).toMatchObject({ kind: 'inverted', by: 'newton' });
    });
    expect(tensors.live()).toBe(before);
  });

  it('tell a zero matrix and a NaN', () => {
    float64.scope(() => {
      const rule = { ridge: 1e-6, by: 'newton', tolerance: 0 } as const;
      const zero = inverseRootOf(float64, float64.fill([2, 2], 0), 4, 1, rule, null);
      expect(zero.kind === 'inverted' && [...float64.values(zero.root)]).toEqual([0, 0, 0, 0]);
      expect(inverseRootOf(float64, float64.fill([2, 2], Number.NaN), 4, 1, rule, null).kind).toBe(
        'nonFinite',
      );
    });
  });
});

describe('an eigenbasis that still fits is kept', () => {
  it('and one that does not is renewed', () => {
    const { matrix, n, eigenvectors } = compose([8, 2, 1], reflections);
    const root = (values: number[]) => jacobiRoot(compose(values, reflections).matrix, n, 1 / 4, 1e-6);
    float64.scope(() => {
      const rule = { ridge: 1e-6, by: 'eigen', tolerance: 0.05 } as const;
      const first = inverseRootOf(float64, float64.array(matrix, [n, n]), 4, 1, rule, null);
      if (first.kind !== 'inverted' || first.basis === null) throw new Error('expected a basis');
      const grown = compose([16, 3, 1], reflections).matrix;
      const second = inverseRootOf(float64, float64.array(grown, [n, n]), 4, 2, rule, first.basis);
      if (second.kind !== 'inverted') throw new Error('expected a root');
      expect(second.basis).toBe(first.basis);
      expect(distance(float64.values(second.root), root([8, 1.5, 0.5]))).toBeLessThan(1e-12);
      const other = compose([8, 2, 1], [[1, 0, 1]]).matrix;
      const third = inverseRootOf(float64, float64.array(other, [n, n]), 4, 1, rule, first.basis);
      if (third.kind !== 'inverted') throw new Error('expected a root');
      expect(third.basis).not.toBe(first.basis);
      expect(distance(float64.values(third.root), jacobiRoot(other, n, 1 / 4, 1e-6))).toBeLessThan(1e-12);
    });
    expect(eigenvectors).toHaveLength(9);
  });
});
