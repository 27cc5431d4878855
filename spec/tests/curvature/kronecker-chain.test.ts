import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { type ChainedBlock, dampedFactors, kroneckerChain } from '../../../src/curvature/index.js';
import { float64, type HostArray, Random, type Tree } from '../../../src/index.js';
import { leastSquaresSolution, matrixOf, plus, transposed } from '../../oracles/dense/matrices.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

/** XY for X [n, m] and Y [m, k]. */
function times(x: Float64Array, y: Float64Array, n: number, m: number, k: number): Float64Array {
  return Float64Array.from({ length: n * k }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += x[Math.floor(at / k) * m + i] * y[i * k + (at % k)];
    return sum;
  });
}

/** X ⊗ Y, every entry of it, for X [n, m] and Y [k, l]. */
function kron(x: Float64Array, y: Float64Array, n: number, m: number, k: number, l: number): Float64Array {
  return Float64Array.from({ length: n * k * m * l }, (_, at) => {
    const [row, column] = [Math.floor(at / (m * l)), at % (m * l)];
    return x[Math.floor(row / k) * m + Math.floor(column / l)] * y[(row % k) * l + (column % l)];
  });
}

const inverse = (x: Float64Array, n: number) => matrixOf(n, (unit) => leastSquaresSolution(x, unit, n));

/** Three layers with inputs and errors of their own on 12 rows, so that the factors fit together. */
function chain(widths: readonly (readonly [number, number])[], from: number, damping: number) {
  const random = new Random(from);
  const rows = 12;
  const layers = widths.map(([n, m]) => ({
    n,
    m,
    inputs: random.normals(rows * n),
    errors: random.normals(rows * m),
  }));
  const mean = (x: Float64Array, y: Float64Array, n: number, m: number) =>
    times(transposed(x, rows), y, n, rows, m).map((entry) => entry / rows);
  const lifted = (x: Float64Array, n: number, m: number) => float64.array(x, [n, m]);
  const blocks = layers.map(({ n, m, inputs, errors }, i): ChainedBlock<HostArray> => {
    const after = layers[i + 1];
    return {
      kernel: `w${i}`,
      a: lifted(mean(inputs, inputs, n, n), n, n),
      g: lifted(mean(errors, errors, m, m), m, m),
      ...(after && {
        next: {
          a: lifted(mean(inputs, after.inputs, n, after.n), n, after.n),
          g: lifted(mean(errors, after.errors, m, after.m), m, after.m),
        },
      }),
    };
  });
  const like = Object.fromEntries(
    layers.map(({ n, m }, i) => [`w${i}`, float64.fill([n, m], 0)]),
  ) as Tree<HostArray>;
  return { layers, blocks, like, operator: kroneckerChain(float64, blocks, like, damping) };
}

const sides = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));

property.prop([fc.tuple(sides, sides, sides), fc.integer(), fc.constantFrom(0, 0.25, 4)], {
  seed,
  numRuns: 60,
})(
  'law 46: the inverse is ΞᵀΛΞ, block-tridiagonal, and the tri-blocks are the Kronecker products of the factors',
  (widths, from, damping) => {
    const { blocks, layers, like, operator } = chain(widths, from, damping);
    const size = flatten(float64, like).length;
    const of = (f: (v: Tree<HostArray>) => Tree<HostArray>) =>
      matrixOf(size, (v) => flatten(float64, f(unflatten(float64, v, like))));
    const solved = of((v) => {
      const found = operator.solve!(v);
      if (found.kind !== 'solved') throw new Error(found.message);
      return found.x;
    });
    const applied = of(operator.apply);
    const begins = [0];
    for (const { n, m } of layers) begins.push(begins.at(-1)! + n * m);
    const own = layers.map(({ n, m }, i) => {
      const [a, g] = [blocks[i].a.data as Float64Array, blocks[i].g.data as Float64Array];
      const d = damping === 0 ? { a, g } : dampedFactors(a, n, g, m, damping);
      return kron(d.a, d.g, n, n, m, m);
    });
    const beside = layers.slice(0, -1).map(({ n, m }, i) => {
      const { next } = blocks[i];
      const after = layers[i + 1];
      return kron(next!.a.data as Float64Array, next!.g.data as Float64Array, n, after.n, m, after.m);
    });
    const block = (matrix: Float64Array, i: number, j: number) => {
      const columns = begins[j + 1] - begins[j];
      return Float64Array.from({ length: (begins[i + 1] - begins[i]) * columns }, (_, at) => {
        return matrix[(begins[i] + Math.floor(at / columns)) * size + begins[j] + (at % columns)];
      });
    };
    // K: the factors of 12 normal rows of at most 3 have κ below 2¹⁰, their products its square.
    const allowed = 30 * size * 2 ** 20 * Number.EPSILON;
    // Ξ and Λ as dense matrices.
    const xi = matrixOf(size, (v) => v);
    const lambda = new Float64Array(size * size);
    const put = (into: Float64Array, part: Float64Array, i: number, j: number) => {
      const columns = begins[j + 1] - begins[j];
      part.forEach((entry, at) => {
        into[(begins[i] + Math.floor(at / columns)) * size + begins[j] + (at % columns)] = entry;
      });
    };
    layers.forEach((_, i) => {
      const length = begins[i + 1] - begins[i];
      let conditional = own[i];
      if (i < beside.length) {
        const next = begins[i + 2] - begins[i + 1];
        const psi = times(beside[i], inverse(own[i + 1], next), length, next, next);
        put(
          xi,
          psi.map((entry) => -entry),
          i,
          i + 1,
        );
        conditional = plus(own[i], times(psi, transposed(beside[i], length), length, next, length), -1);
      }
      put(lambda, inverse(conditional, length), i, i);
    });
    const expected = times(transposed(xi, size), times(lambda, xi, size, size, size), size, size, size);
    expect(norm(plus(solved, expected, -1))).toBeLessThanOrEqual(allowed * norm(expected));
    expect(norm(block(solved, 0, 2))).toBeLessThanOrEqual(allowed * norm(solved) * 1e-6);
    const unit = times(applied, solved, size, size, size);
    expect(
      norm(
        plus(
          unit,
          matrixOf(size, (v) => v),
          -1,
        ),
      ),
    ).toBeLessThanOrEqual(allowed * norm(applied) * norm(solved));
    own.forEach((part, i) => {
      expect(norm(plus(block(applied, i, i), part, -1))).toBeLessThanOrEqual(allowed * norm(applied));
    });
    beside.forEach((part, i) => {
      expect(norm(plus(block(applied, i, i + 1), part, -1))).toBeLessThanOrEqual(allowed * norm(applied));
    });
  },
);

test('what has no inverse says which layer and which factor', () => {
  const { blocks, like } = chain([[2, 2], [2, 2], [2, 2]], 3, 0); // biome-ignore format: one line
  const solve = (at: number, a: readonly number[]) =>
    kroneckerChain(
      float64,
      blocks.map((block, i) => (i === at ? { ...block, a: float64.array([...a], [2, 2]) } : block)),
      like,
    ).solve!(like);
  expect(solve(1, [1, 1, 1, 1])).toMatchObject({ kind: 'singular', message: expect.stringMatching(/^w1: /) });
  expect(solve(0, [Number.NaN, 0, 0, 1])).toEqual({
    kind: 'nonFinite',
    message: 'w0: a factor is not finite',
  });
  expect(solve(0, [1e-3, 0, 0, 1e-3])).toEqual({
    kind: 'singular',
    message: 'w0: what the next layer leaves of it is not positive definite: raise the damping',
  });
});
