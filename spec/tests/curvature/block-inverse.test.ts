import { fc, test as property } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { blockInverse, diagonalOf, inverseResidual } from '../../../src/curvature/block-inverse.js';
import { invertFactors } from '../../../src/curvature/factor-inverse.js';
import { invertKronecker } from '../../../src/curvature/kronecker-inverse.js';
import { type Algebra, float64, Random } from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import { compose, spectral } from '../../arbitraries/matrices.js';
import { plus, times } from '../../oracles/dense/matrices.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

const identity = (n: number, by = 1) =>
  Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? by : 0));
const columns = (x: Float64Array, n: number) =>
  Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, i) => x[i * n + j]));

const samples = fc.record({
  a: spectral({ sizes: { min: 1, max: 9 }, reach: 3 }),
  shift: fc.constantFrom(0, 0.5),
  rows: fc.integer({ min: 1, max: 4 }),
});

property.prop([samples], { seed })(
  'by blocks of any size it is the inverse, to κ·ε',
  ({ a, shift, rows }) => {
    const { n, matrix } = a;
    const given = float64.array(matrix, [n, n]);
    const x = blockInverse(float64, given, shift, rows)!;
    const damped = plus(matrix, identity(n, shift));
    const inverse = float64.values(x);
    columns(inverse, n).forEach((column, j) => {
      const error = norm(plus(times(damped, column), columns(identity(n), n)[j], -1));
      expect(error).toBeLessThanOrEqual(30 * n * 2 ** 6 * Number.EPSILON * norm(damped) * norm(column));
    });
    expect([...diagonalOf(float64, given)]).toEqual(Array.from({ length: n }, (_, i) => matrix[i * (n + 1)]));
    expect(inverseResidual(float64, given, shift, x)).toBeLessThan(1e-9);
    const off = float64.mul(x, 1.5);
    expect(inverseResidual(float64, given, shift, off)).toBeCloseTo(0.5, 6);
  },
);

test.each([1, 2, 5])('what is not definite or not finite has none, by blocks of %s', (rows) => {
  for (const last of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    for (const at of [0, 2, 4]) {
      const matrix = identity(5);
      matrix[at * 6] = last;
      expect(blockInverse(float64, float64.array(matrix, [5, 5]), 0, rows)).toBeUndefined();
    }
  }
});

describe('factors in float32', () => {
  beforeAll(() => useBackend('wasm'));

  const factors = <T>(algebra: Algebra<T>, [n, m]: readonly [number, number], least: number) => {
    const random = new Random(3);
    const made = (size: number) => {
      const values = Array.from({ length: size }, (_, i) => least + i / size);
      const turns = Array.from({ length: 2 }, () => [...random.normals(size)]);
      return algebra.array(compose(values, turns).matrix, [size, size]);
    };
    return { a: made(n), g: made(m) };
  };

  test('large ones by their blocks are those that the host inverts, to κ·ε', () => {
    const { a, g } = factors(tensors, [300, 20], 0.1);
    const before = tf.memory().numTensors;
    const quick = invertFactors(tensors, { a, g }, 0.01);
    const host = invertKronecker(tensors.values(a), 300, tensors.values(g), 20, 0.01);
    if (quick.kind !== 'inverted' || host.kind !== 'inverted') throw new Error('no inverse');
    for (const side of ['left', 'right'] as const) {
      const wanted = host.inverse[side];
      const error = norm(plus(tensors.values(quick.inverse[side]), wanted, -1));
      expect(error).toBeLessThanOrEqual(30 * 11 * 2 ** -24 * norm(wanted));
    }
    expect(quick.pi).toBeCloseTo(host.pi, 6);
    expect(quick.conditioning / host.conditioning).toBeCloseTo(1, 4);
    tensors.release(quick.inverse.left);
    tensors.release(quick.inverse.right);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([a, g]);
  });

  test('those too near to singular for float32 are inverted on the host, and those that are none say why', () => {
    const { a, g } = factors(tensors, [300, 2], 1e-9);
    const before = tf.memory().numTensors;
    const found = invertFactors(tensors, { a, g }, 1e-14);
    const host = invertKronecker(tensors.values(a), 300, tensors.values(g), 2, 1e-14);
    if (host.kind !== 'inverted') expect(found).toEqual(host);
    else if (found.kind !== 'inverted') throw new Error(found.message);
    else {
      const left = tensors.values(found.inverse.left);
      const wanted = Float64Array.from(Float32Array.from(host.inverse.left));
      expect(left.findIndex((entry, i) => entry !== wanted[i])).toBe(-1);
      tensors.release(found.inverse.left);
      tensors.release(found.inverse.right);
    }
    const broken = tensors.mul(a, Number.NaN);
    expect(invertFactors(tensors, { a: broken, g }, 1)).toEqual({
      kind: 'nonFinite',
      message: 'a factor is not finite',
    });
    tensors.release(broken);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([a, g]);
  });
});
