import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import {
  float64,
  type HostArray,
  inputsWithBias,
  type KroneckerDamping,
  kroneckerFactors,
  kroneckerOperator,
  layerRows,
  lowRank,
  Random,
  type Tree,
} from '../../../src/index.js';
import { compose, spectral } from '../../arbitraries/matrices.js';
import { plus, times } from '../../oracles/dense/matrices.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

const flat = (x: Tree<HostArray>) => flatten(float64, x);
/** The sizes of a layer, whether it has a bias, and factors of known spectra. */
const blocks = fc
  .record({
    a: spectral({ sizes: { min: 2, max: 4 }, reach: 2 }),
    g: spectral({ sizes: { min: 1, max: 3 }, reach: 2 }),
    bias: fc.boolean(),
    damping: fc.constantFrom(0, 0.5, 4),
    form: fc.constantFrom<KroneckerDamping>('factored', 'exact'),
    v: fc.integer(),
  })
  .map(({ a, g, bias, damping, form, v }) => {
    const kernel = float64.fill([bias ? a.n - 1 : a.n, g.n], 0);
    // A parameter of no block stands beside the layer: it has λ for its curvature, and no solve without.
    const other = damping > 0 ? { other: float64.fill([2], 0) } : {};
    const like = { w: kernel, ...(bias && { b: float64.fill([g.n], 0) }), ...other } as Tree<HostArray>;
    const block = {
      kernel: 'w',
      ...(bias && { bias: 'b' }),
      a: float64.array(a.matrix, [a.n, a.n]),
      g: float64.array(g.matrix, [g.n, g.n]),
    };
    const operator = kroneckerOperator(float64, [block], like, { damping, form });
    const vector = new Random(v).normals(flat(like).length);
    return { operator, like, vector };
  });

property.prop([blocks], { seed })('product, solve and diagonal are those of the dense form', (sample) => {
  const { operator, like, vector } = sample;
  const n = vector.length;
  const matrix = operator.dense!();
  const tree = unflatten(float64, vector, like);
  const product = flat(operator.apply(tree));
  const allowed = 30 * n * Number.EPSILON;
  expect(norm(plus(product, times(matrix, vector), -1))).toBeLessThanOrEqual(
    allowed * norm(matrix) * norm(vector),
  );
  const found = operator.solve!(tree);
  if (found.kind !== 'solved') throw new Error(found.message);
  const x = flat(found.x);
  // K: each factor has κ ≤ 2⁴, their product 2⁸.
  expect(norm(plus(times(matrix, x), vector, -1))).toBeLessThanOrEqual(
    allowed * 2 ** 8 * (norm(matrix) * norm(x) + norm(vector)),
  );
  const diagonal = flat(operator.diagonal!());
  expect(norm(diagonal.map((d, i) => d - matrix[i * (n + 1)]))).toBeLessThanOrEqual(allowed * norm(matrix));
});

test('the operator keeps what it needs beyond the scope of a product', () => {
  const like = { w: float64.fill([2, 1], 1) };
  const a = float64.array(compose([1, 4], [[1, 2]]).matrix, [2, 2]);
  const g = float64.array([2], [1, 1]);
  const operator = kroneckerOperator(float64, [{ kernel: 'w', a, g }], like, { damping: 0.5 });
  const first = flat(float64.scope(() => operator.apply(like)));
  float64.scope(() => float64.fill([4], 7)); // would overwrite what was freed
  expect([...flat(operator.apply(like))]).toEqual([...first]);
});

test('what has no inverse says which layer and which factor', () => {
  const like = { w: float64.fill([2, 1], 1) };
  const a = float64.array([1, 1, 1, 1], [2, 2]);
  const g = float64.array([2], [1, 1]);
  const solve = (damping: number, form: KroneckerDamping, of = a) =>
    kroneckerOperator(float64, [{ kernel: 'w', a: of, g }], like, { damping, form }).solve!(like);
  expect(solve(0, 'factored')).toEqual({
    kind: 'singular',
    message: 'w: the input factor is singular at pivot 1: raise the damping',
  });
  expect(solve(0, 'exact').kind).toBe('singular');
  expect(solve(1, 'factored').kind).toBe('solved');
  for (const form of ['factored', 'exact'] as const) {
    expect(solve(1, form, float64.array([Number.NaN, 0, 0, 1], [2, 2]))).toMatchObject({ kind: 'nonFinite' });
  }
});

property.prop([fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 }), fc.integer()], { seed })(
  'reduce takes means of inputs and sums of errors over the positions of an example',
  (examples, sharing, s) => {
    const values = new Random(s).normals(examples * sharing * 2);
    const x = float64.array(values, [examples * sharing, 2]);
    const rows = layerRows(float64, { inputs: x, errors: x, bias: 'b', examples, sharing }, 'reduce');
    const inputs = inputsWithBias(float64, rows);
    expect(inputs.shape).toEqual([examples, 3]);
    for (let e = 0; e < examples; e++) {
      for (let j = 0; j < 2; j++) {
        let sum = 0;
        for (let p = 0; p < sharing; p++) sum += values[(e * sharing + p) * 2 + j];
        expect(rows.errors.data[e * 2 + j]).toBeCloseTo(sum, 12);
        expect(inputs.data[e * 3 + j]).toBeCloseTo(sum / sharing, 12);
      }
      expect(inputs.data[e * 3 + 2]).toBe(1);
    }
    // The factors are what these rows sum to, though no 1 is written at their ends.
    const { a, g } = kroneckerFactors(float64, rows, 7);
    const sums = (y: HostArray, by: number) => float64.mul(float64.matmul(y, y, true), by);
    for (const [factor, expected] of [
      [a, sums(inputs, 1 / examples)],
      [g, sums(rows.errors, 7)],
    ] as const) {
      expect(factor.shape).toEqual(expected.shape);
      for (let i = 0; i < expected.data.length; i++) expect(factor.data[i]).toBeCloseTo(expected.data[i], 11);
    }
  },
);

property.prop([fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.integer()], { seed })(
  'an operator of low rank applies, solves and shows its diagonal as its dense form does',
  (m, width, s) => {
    const random = new Random(s);
    const like = { a: float64.fill([width, 2], 0), b: float64.fill([3], 0) };
    const rows = {
      a: float64.array(random.normals(m * width * 2), [m, width, 2]),
      b: float64.array(random.normals(m * 3), [m, 3]),
    };
    const operator = lowRank(float64, rows, like, { scale: 1 / m, damping: 0.25 });
    const n = 2 * width + 3;
    const v = random.normals(n);
    const tree = unflatten(float64, v, like);
    const matrix = operator.dense!();
    const allowed = 30 * n * Number.EPSILON * norm(matrix);
    expect(norm(plus(flat(operator.apply(tree)), times(matrix, v), -1))).toBeLessThanOrEqual(
      allowed * norm(v),
    );
    const diagonal = flat(operator.diagonal!());
    expect(norm(diagonal.map((d, i) => d - matrix[i * (n + 1)]))).toBeLessThanOrEqual(allowed);
    const found = operator.solve!(tree);
    if (found.kind !== 'solved') throw new Error(found.message);
    const x = flat(found.x);
    const kappa = norm(matrix) / 0.25;
    expect(norm(plus(times(matrix, x), v, -1))).toBeLessThanOrEqual(allowed * kappa * norm(x));
    expect(lowRank(float64, rows, like).solve!(tree)).toMatchObject({ kind: 'singular' });
  },
);
