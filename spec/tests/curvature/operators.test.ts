import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import {
  conjugateGradients,
  damped,
  denseOperator,
  diagonalOperator,
  float64,
  type HostArray,
  inverseOf,
  type LinearOperator,
  multipleOfIdentity,
  restricted,
  scaled,
  sum,
  type Tree,
} from '../../../src/index.js';
import { matrixVector } from '../../../src/linalg/vector.js';
import { chain, learningRate, masked, newton } from '../../../src/transforms/index.js';
import { seed } from '../../seed.js';

const like = () => ({ a: float64.fill([2, 2], 0), b: float64.fill([3], 0) }) as Tree<HostArray>;
const n = 7;
const entry = fc.integer({ min: -8, max: 8 }).map((x) => x / 4);
const vectors = fc.array(entry, { minLength: n, maxLength: n }).map((x) => Float64Array.from(x));
const squares = fc.array(entry, { minLength: n * n, maxLength: n * n }).map((x) => Float64Array.from(x));
/** BBᵀ + I. */
const definite = squares.map((b) =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let total = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) total += b[i * n + k] * b[j * n + k];
    return total;
  }),
);
const tree = (x: Float64Array) => unflatten(float64, x, like());
const flat = (x: Tree<HostArray>) => flatten(float64, x);
const times = (matrix: Float64Array, x: Float64Array) => {
  const product = new Float64Array(x.length);
  matrixVector(matrix, x, product);
  return product;
};
/** ‖x − y‖ ≤ 30·n·ε·size. */
const near = (x: Float64Array, y: Float64Array, size: number) =>
  expect(Math.hypot(...x.map((xi, i) => xi - y[i]))).toBeLessThanOrEqual(30 * n * Number.EPSILON * size);
const size = (...parts: Float64Array[]) => parts.reduce((product, part) => product * Math.hypot(...part), 1);
const solved = (operator: LinearOperator<HostArray>, b: Float64Array) => {
  const found = operator.solve!(tree(b));
  if (found.kind !== 'solved') throw new Error(found.message);
  return flat(found.x);
};

property.prop([definite, squares, vectors, entry], { seed })(
  'sums, multiples and dampings of operators are those of their matrices',
  (a, b, v, c) => {
    const [A, B] = [
      denseOperator(float64, a, like(), { positiveSemidefinite: true }),
      denseOperator(float64, b, like()),
    ];
    const C = sum(scaled(c, A), damped(B, 2, like()));
    const dense = a.map((x, i) => c * x + (b[i] + (i % (n + 1) === 0 ? 2 : 0)));
    expect([...C.dense!()]).toEqual([...dense]);
    near(flat(C.apply(tree(v))), times(dense, v), size(v) * (Math.abs(c) * size(a) + size(b) + 2));
    expect([...flat(C.diagonal!())]).toEqual([...v.map((_, i) => dense[i * (n + 1)])]);
    expect([A.symmetric, B.symmetric, C.symmetric, scaled(-1, A).positiveSemidefinite]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  },
);

property.prop([definite, vectors], { seed })('a solve leaves a residual of rounding', (a, b) => {
  const A = denseOperator(float64, a, like(), { positiveSemidefinite: true });
  for (const operator of [A, damped(A, 0.5, like()), scaled(4, A), denseOperator(float64, a, like())]) {
    const x = solved(operator, b);
    const matrix = operator.dense!();
    near(times(matrix, x), b, size(matrix, x) + size(b));
    near(flat(inverseOf(operator).apply(tree(b))), x, 0);
  }
});

property.prop([definite, vectors, fc.boolean()], { seed })(
  'conjugate gradients end within n steps, preconditioned or not, and keep no array',
  (a, b, preconditioned) => {
    const A = denseOperator(float64, a, like(), { positiveSemidefinite: true });
    const inverseDiagonal = unflatten(
      float64,
      b.map((_, i) => 1 / a[i * (n + 1)]),
      like(),
    );
    const right = tree(b);
    const before = float64.live();
    const { kind, x, iterations } = conjugateGradients(A, right, {
      tolerance: 1e-10,
      ...(preconditioned && {
        preconditioner: diagonalOperator(float64, inverseDiagonal, { positiveSemidefinite: true }),
      }),
    });
    expect(float64.live() - before).toBe(2); // x's two leaves
    expect(kind).toBe('converged');
    expect(iterations).toBeLessThanOrEqual(2 * n); // n in exact arithmetic
    const residual = times(a, flat(x)).map((y, i) => y - b[i]);
    expect(size(residual)).toBeLessThanOrEqual(1e-9 * size(b));
  },
);

test('conjugate gradients tell negative curvature, and refuse an operator without the tag', () => {
  const saddle = denseOperator(
    float64,
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? (i === 0 ? -1 : 1) : 0)),
    like(),
    { symmetric: true },
  );
  const ended = conjugateGradients(saddle, tree(Float64Array.of(1, 0, 0, 0, 0, 0, 0)));
  if (ended.kind !== 'negativeCurvature') throw new Error(`expected negative curvature, got ${ended.kind}`);
  expect(flat(ended.direction)[0]).toBe(1);
  const untagged = denseOperator(float64, new Float64Array(n * n), like(), { name: 'plain' });
  expect(() => conjugateGradients(untagged, like())).toThrow(
    'conjugateGradients(operator): expected a symmetric operator, got plain without that tag',
  );
});

property.prop([definite, vectors, fc.double({ min: 0.01, max: 2, noNaN: true })], { seed })(
  'conjugate gradients end before the first iterate outside a region, and say along what they would have left it',
  (a, b, share) => {
    const A = denseOperator(float64, a, like(), { positiveSemidefinite: true });
    const lengths: number[] = [];
    const free = conjugateGradients(A, tree(b), { onIterate: (x) => void lengths.push(size(flat(x))) });
    const radius = share * size(flat(free.x));
    if (!(radius > 0)) return;
    const found = conjugateGradients(A, tree(b), { radius });
    const inside = lengths.findIndex((length) => length >= radius);
    // A length within rounding of the radius may fall to either side.
    if (lengths.some((length) => Math.abs(length - radius) <= 1e-9 * radius)) return;
    expect(found.kind === 'boundary').toBe(inside >= 0);
    if (found.kind !== 'boundary') return;
    expect(found.iterations).toBe(inside);
    expect(size(flat(found.x))).toBeLessThan(radius);
    const slope = flat(found.direction).reduce(
      (sum, di, i) => sum + di * (b[i] - times(a, flat(found.x))[i]),
      0,
    );
    expect(slope).toBeGreaterThan(0);
  },
);

test('directions whose curvature is nothing but rounding can be counted as negative', () => {
  const flatOperator = denseOperator(
    float64,
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1e-20 : 0)),
    like(),
    { positiveSemidefinite: true },
  );
  const b = tree(new Float64Array(n).fill(1));
  expect(conjugateGradients(flatOperator, b).kind).toBe('converged');
  expect(conjugateGradients(flatOperator, b, { leastCurvature: 1e-16 })).toMatchObject({
    kind: 'negativeCurvature',
    iterations: 0,
  });
});

test('what cannot be solved says why', () => {
  const zero = multipleOfIdentity(float64, 0, like());
  expect(zero.solve!(like()).kind).toBe('singular');
  const indefinite = denseOperator(float64, new Float64Array(n * n), like(), { positiveSemidefinite: true });
  expect(indefinite.solve!(like())).toMatchObject({ kind: 'notPositiveDefinite' });
  expect(() => inverseOf(indefinite).apply(like())).toThrow('damp it');
});

property.prop([definite, vectors], { seed })('a restricted operator is the block of the matrix', (a, v) => {
  const A = denseOperator(float64, a, like(), { positiveSemidefinite: true });
  const B = restricted(A, like(), (path) => path === 'b');
  const [rows] = [[4, 5, 6]];
  const block = Float64Array.from(rows.flatMap((i) => rows.map((j) => a[i * n + j])));
  expect([...B.dense!()]).toEqual([...block]);
  const chosen = v.slice(4);
  near(flat(B.apply({ b: float64.array(chosen, [3]) })), times(block, chosen), size(block, chosen));
});

property.prop([definite, vectors], { seed })('Newton within a mask solves with the block', (a, g) => {
  const A = denseOperator(float64, a, like(), { positiveSemidefinite: true });
  const gradient = tree(g);
  const transform = masked(chain(newton(), learningRate(1)), /^b$/);
  const parameters = like();
  const { update } = transform.update(
    {
      algebra: float64,
      update: gradient,
      gradient,
      parameters,
      loss: float64.fill([], 0),
      step: 0,
      random: undefined as never,
      objective: {
        value: () => float64.fill([], 0),
        valueAndGradient: () => ({ value: float64.fill([], 0), gradient }),
        curvatures: ['hessian'],
        curvature: () => A,
      },
    },
    transform.init(parameters, float64),
  );
  const step = flat(update);
  expect([...step.slice(0, 4)]).toEqual([...g.slice(0, 4)]);
  const block = Float64Array.from([4, 5, 6].flatMap((i) => [4, 5, 6].map((j) => a[i * n + j])));
  const p = step.slice(4);
  near(
    times(block, p),
    g.slice(4).map((x) => -x),
    size(block, p) + size(g),
  );
});
