import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { flatten } from '../../../src/algebra/flatten.js';
import {
  type Algebra,
  denseOperator,
  densityBins,
  float64,
  type HostArray,
  hutchPlusPlus,
  lanczos,
  matrixFree,
  poisoning,
  Random,
  randomSigns,
  spectralDensity,
  symmetricEigen,
} from '../../../src/index.js';
import { signedLogEdges } from '../../../src/objective/signed-log-bins.js';
import { chain, learningRate, measureSpectrum } from '../../../src/transforms/index.js';
import { spectral } from '../../arbitraries/matrices.js';
import { inner, times } from '../../oracles/dense/matrices.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

const like = (n: number, algebra: Algebra<HostArray> = float64) => ({
  a: algebra.fill([n - 2], 0),
  b: algebra.fill([1, 2], 0),
});
const operatorOf = (matrix: Float64Array, n: number) =>
  denseOperator(float64, matrix, like(n), { symmetric: true });
const sizes = { min: 4, max: 12 };
const sample = fc.tuple(spectral({ sizes, reach: 4 }), fc.integer());
const eigenvaluesOf = (matrix: Float64Array, n: number) => {
  const eigen = symmetricEigen(matrix, n);
  if (eigen.kind !== 'decomposed') throw new Error(eigen.kind);
  return eigen.values;
};

property.prop([sample], { seed })(
  'with n steps the Ritz values are eigenvalues, and all of them',
  ([s, of]) => {
    const { n, matrix } = s;
    const { values, residuals, basis } = lanczos(
      operatorOf(matrix, n),
      randomSigns(float64, like(n), new Random(of)),
      n,
    );
    const exact = eigenvaluesOf(matrix, n);
    const allowed = 30 * n * 2 ** -52 * norm(matrix) + 1e-300;
    for (const [i, value] of values.entries()) {
      const nearest = Math.min(...exact.map((lambda) => Math.abs(lambda - value)));
      expect(nearest).toBeLessThanOrEqual(allowed + residuals[i]);
    }
    if (values.length === n) {
      values.forEach((value, i) => {
        expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(allowed + Math.max(...residuals));
      });
    }
    expect(orthogonality(basis)).toBeLessThanOrEqual(30 * n * 2 ** -52);
  },
);

function orthogonality(basis: HostArray): number {
  const gram = float64.matmul(basis, basis, false, true);
  const m = float64.shape(basis)[0];
  return Math.max(...gram.data.map((entry, at) => Math.abs(entry - (at % (m + 1) === 0 ? 1 : 0))));
}

test('directions stay orthogonal long after eigenvalues have converged, which they do not without care', () => {
  const n = 40;
  const matrix = Float64Array.from({ length: n * n }, (_, at) =>
    at % (n + 1) === 0 ? 2 ** -(at / (n + 1)) : 0,
  );
  const start = randomSigns(float64, like(n), new Random(1));
  const { values, basis } = lanczos(operatorOf(matrix, n), start, n);
  expect(orthogonality(basis)).toBeLessThan(1e-13);
  expect(values.at(-1)).toBeCloseTo(1, 13);
  expect(values.at(-2)).toBeCloseTo(0.5, 13);
  // The same recurrence with the last two directions alone.
  const rows: Float64Array[] = [];
  let [before, v] = [new Float64Array(n), new Float64Array(n).fill(1 / Math.sqrt(n))];
  let beta = 0;
  for (let k = 0; k < n; k++) {
    rows.push(v);
    const w = times(matrix, v);
    const alpha = inner(v, w);
    const next = w.map((x, i) => x - alpha * v[i] - beta * before[i]);
    beta = norm(next);
    [before, v] = [v, next.map((x) => x / beta)];
  }
  expect(
    orthogonality(
      float64.array(
        rows.flatMap((row) => [...row]),
        [n, n],
      ),
    ),
  ).toBeGreaterThan(0.1);
});

property.prop([sample, fc.integer({ min: 1, max: 4 })], { seed })(
  'the quadrature is exact for powers up to 2·steps − 1; with weights from whole eigenvectors it is not',
  ([s, of], steps) => {
    const { n, matrix } = s;
    const start = randomSigns(float64, like(n), new Random(of));
    const v = flatten(float64, start).map((x) => x / Math.sqrt(n));
    const { values, weights } = lanczos(operatorOf(matrix, n), start, steps);
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    let power: Float64Array = v;
    for (let degree = 0; degree < 2 * steps; degree++) {
      const moment = inner(v, power);
      const found = values.reduce((sum, theta, i) => sum + weights[i] * theta ** degree, 0);
      const scale = norm(matrix) ** degree;
      expect(Math.abs(found - moment)).toBeLessThanOrEqual(100 * n * (degree + 1) * 2 ** -52 * scale);
      power = times(matrix, power);
    }
  },
);

test('the density is that of the eigenvalues', () => {
  const n = 60;
  const eigenvalues = Float64Array.from({ length: n }, (_, i) => (i < 50 ? 0 : i < 58 ? 1 : 4));
  const matrix = Float64Array.from({ length: n * n }, (_, at) =>
    at % (n + 1) === 0 ? eigenvalues[at / (n + 1)] : 0,
  );
  const density = spectralDensity(operatorOf(matrix, n), like(n), new Random(2), { probes: 5, steps: 10 });
  expect(densityBins(density, 4).map((share) => Math.round(share * n))).toEqual([50, 8, 0, 2]);
  expect(density.nodes[0]).toBeCloseTo(0, 12);
  expect(density.nodes.at(-1)).toBeCloseTo(4, 12);
  const broken = matrixFree(
    float64,
    'broken',
    () => ({ a: float64.fill([n - 2], Number.NaN), b: float64.fill([1, 2], 0) }),
    like(n),
    { symmetric: true },
  );
  expect(spectralDensity(broken, like(n), new Random(2)).kind).toBe('nonFinite');
});

property.prop([fc.integer(), fc.integer({ min: 1, max: 3 })], { seed })(
  'Hutch++ is exact where the rank is at most a third of its products',
  (s, rank) => {
    const n = 24; // so that no two probes of random signs are one
    const random = new Random(s);
    const rows = Array.from({ length: rank }, () => random.normals(n));
    const matrix = Float64Array.from({ length: n * n }, (_, at) =>
      rows.reduce((sum, row) => sum + row[Math.floor(at / n)] * row[at % n], 0),
    );
    const trace = rows.reduce((sum, row) => sum + inner(row, row), 0);
    const found = hutchPlusPlus(operatorOf(matrix, n), like(n), random, 3 * rank);
    expect(Math.abs(found - trace)).toBeLessThanOrEqual(1e-9 * trace);
  },
);

test('Hutch++ is unbiased, and varies less than Hutchinson by as many products', () => {
  const n = 12;
  const source = new Random(8);
  const rows = Array.from({ length: n }, (_, k) => source.normals(n).map((x) => x * 2 ** -k));
  const steep = Float64Array.from({ length: n * n }, (_, at) =>
    rows.reduce((sum, row) => sum + row[Math.floor(at / n)] * row[at % n], 0),
  );
  const trace = Array.from({ length: n }, (_, i) => steep[i * (n + 1)]).reduce((a, b) => a + b, 0);
  const operator = operatorOf(steep, n);
  const random = new Random(4);
  const draws = 400;
  const spread = (estimate: () => number) => {
    const found = Array.from({ length: draws }, estimate);
    const mean = found.reduce((a, b) => a + b, 0) / draws;
    return { mean, deviation: Math.sqrt(found.reduce((a, b) => a + (b - mean) ** 2, 0) / draws) };
  };
  const plus = spread(() => hutchPlusPlus(operator, like(n), random, 12));
  const plain = spread(() => {
    let sum = 0;
    for (let k = 0; k < 12; k++) {
      const z = random.signs(n);
      sum += inner(z, times(steep, z)) / 12;
    }
    return sum;
  });
  expect(Math.abs(plus.mean - trace)).toBeLessThanOrEqual(
    (6 * plus.deviation) / Math.sqrt(draws) + 1e-9 * trace,
  );
  expect(plus.deviation).toBeLessThan(plain.deviation);
});

const within = ([low, high]: readonly [number, number], value: number) => low <= value && value <= high;

test('a transform measures the spectrum now and then, changes nothing, and leaves no arrays', () => {
  const algebra = poisoning(float64);
  const parameters = algebra.fill([4], 1);
  const matrix = Float64Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? [1.2, 2, 4, -3][at / 5] : 0));
  const transform = chain(measureSpectrum({ every: 2, products: 4 }), learningRate(1));
  const objective = {
    value: () => algebra.fill([], 0),
    valueAndGradient: () => ({ value: algebra.fill([], 0), gradient: parameters }),
    curvatures: ['hessian' as const],
    curvature: () => denseOperator(algebra, matrix, parameters, { symmetric: true }),
  };
  const context = {
    algebra,
    update: parameters,
    gradient: parameters,
    parameters,
    loss: parameters,
    objective,
  };
  let state = transform.init(parameters, algebra);
  const seen = [0, 1, 2].map((step) => {
    const before = algebra.live();
    const taken = transform.update({ ...context, step, random: new Random(step) }, state);
    state = taken.state;
    expect(algebra.live() - before).toBe(1); // the update
    expect([...algebra.values(taken.update as HostArray)]).toEqual([-1, -1, -1, -1]);
    return taken.measures;
  });
  expect(seen[1] ?? {}).toEqual({});
  for (const measures of [seen[0], seen[2]]) {
    expect(measures!.largest).toBeCloseTo(4, 12);
    expect(measures!.smallest).toBeCloseTo(-3, 12);
    const density = measures!.density as number[];
    for (const eigenvalue of [-3, 1.2, 2, 4]) {
      const at = density.findIndex((_, bin) => within(signedLogEdges(bin), eigenvalue));
      expect(density[at]).toBeCloseTo(0.25, 10);
    }
  }
});
