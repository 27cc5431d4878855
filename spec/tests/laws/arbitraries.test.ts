import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float64 } from '../../../src/index.js';
import { buckets } from '../../arbitraries/buckets.js';
import { courses, shapeLists } from '../../arbitraries/courses.js';
import { dataSets } from '../../arbitraries/data-sets.js';
import { dyadic, nonzeroDyadic, scale } from '../../arbitraries/dyadic.js';
import { condition, spectral } from '../../arbitraries/matrices.js';
import { methodOptions } from '../../arbitraries/options.js';
import { gradientOf, quadraticAt, quadratics } from '../../arbitraries/quadratics.js';
import { backward } from '../../laws/tolerance.js';
import { seed } from '../../seed.js';
import { claims } from '../../subjects/claims.js';
import { ourOptimizers } from '../../subjects/ours.js';
import { norm } from '../../subjects/point.js';
import { expectFull, smallest } from './generators.js';

describe('arbitraries make what they are for', () => {
  it('scalars', () => {
    expectFull(dyadic(), {
      zero: (x) => x === 0,
      'below 1': (x) => x !== 0 && Math.abs(x) < 1,
      'above 1': (x) => x > 1,
      negative: (x) => x < 0,
    });
    expectFull(nonzeroDyadic(), { small: (x) => Math.abs(x) < 0.1, large: (x) => Math.abs(x) > 3 });
    expect(buckets(nonzeroDyadic(), { zero: (x) => x === 0 }, { seed }).get('zero')).toBe(0);
    expectFull(scale(), { one: (s) => s === 1, below: (s) => s < 2 ** -5, above: (s) => s > 2 ** 5 });
  });

  it('matrices: sizes, condition numbers, signs of the spectrum, turned and not', () => {
    expectFull(spectral({ reach: 5, signs: 'any' }), {
      'n = 1': ({ n }) => n === 1,
      'n = 5': ({ n }) => n === 5,
      'κ = 1': (a) => condition(a) === 1,
      'κ in (1, 32]': (a) => condition(a) > 1 && condition(a) <= 32,
      'κ > 256': (a) => condition(a) > 256,
      definite: ({ eigenvalues }) => eigenvalues.every((lambda) => lambda > 0),
      indefinite: ({ eigenvalues }) => eigenvalues.some((l) => l > 0) && eigenvalues.some((l) => l < 0),
      diagonal: ({ n, matrix }) => matrix.every((entry, at) => at % (n + 1) === 0 || entry === 0),
      turned: ({ n, matrix }) => matrix.some((entry, at) => at % (n + 1) !== 0 && entry !== 0),
    });
  });

  it('matrices have the spectrum they say: AQ = QΛ', () => {
    fc.assert(
      fc.property(spectral({ reach: 5, signs: 'any' }), ({ n, matrix, eigenvalues, eigenvectors }) => {
        for (let k = 0; k < n; k++) {
          const residual = Array.from({ length: n }, (_, i) => {
            let total = -eigenvalues[k] * eigenvectors[i * n + k];
            for (let j = 0; j < n; j++) total += matrix[i * n + j] * eigenvectors[j * n + k];
            return total;
          });
          const norms = Math.max(...eigenvalues.map(Math.abs));
          expect(backward('Aq − λq', norm(residual), norms, n, 2 ** -52).ratio).toBeLessThanOrEqual(1);
        }
      }),
      { seed },
    );
  });

  it('quadratics', () => {
    expectFull(quadratics(), {
      'at the minimum': (q) => quadraticAt(q, q.start) === 0,
      'away from it': (q) => norm(gradientOf(q, q.start)) > 1,
    });
  });

  it('shapes and courses, the awkward ones included', () => {
    expectFull(shapeLists(), {
      '0-d': (shapes) => shapes.some((shape) => shape.length === 0),
      'axis of length 1': (shapes) => shapes.some((shape) => shape.includes(1)),
      empty: (shapes) => shapes.some((shape) => shape.includes(0)),
      matrix: (shapes) => shapes.some((shape) => shape.length === 2),
      'several leaves': (shapes) => shapes.length > 1,
    });
    expectFull(courses(), {
      'one step': ({ gradients }) => gradients.length === 1,
      'four steps': ({ gradients }) => gradients.length === 4,
      'a zero gradient': ({ gradients }) => gradients.some((g) => g.some(({ data }) => data.includes(0))),
    });
  });

  it('data sets', () => {
    expectFull(
      dataSets((features) => features),
      { 'one row': ({ rows }) => rows.length === 1, 'many rows': ({ rows }) => rows.length > 4 },
    );
  });

  it('options of every method that claims a law', () => {
    for (const { method, create, scope } of ourOptimizers(float64)) {
      expect(claims[method], method).toBeDefined();
      fc.assert(
        fc.property(methodOptions(method), (options) => {
          scope(() => create(options));
        }),
        { seed, numRuns: 20 },
      );
    }
  });
});

describe('arbitraries shrink to what a person can read', () => {
  it('numbers, matrices, courses', () => {
    expect(smallest(dyadic())).toBe(0);
    expect(smallest(nonzeroDyadic())).toBe(1);
    expect(smallest(scale())).toBe(1);
    expect(smallest(spectral({ signs: 'any' }))).toMatchObject({ n: 1, matrix: Float64Array.of(1) });
    const { start, gradients } = smallest(courses());
    expect(start).toMatchObject([{ shape: [], data: Float64Array.of(0) }]);
    expect(gradients).toHaveLength(1);
    expect(smallest(dataSets(() => 1))).toEqual({ features: 1, rows: [[0, 0]], parameters: [0] });
  });
});
