import { sixHumpCamel, type TestFunction } from '../../../src/index.js';
import { type Bounded, bounded } from './bounded-problem.js';

const hockSchittkowski = (number: number) => `Hock and Schittkowski 1981, problem ${number}`;
const cutest = (name: string) => `CUTEst (Gould, Orban and Toint 2015), ${name}`;

type Smooth = TestFunction & Required<Pick<TestFunction, 'gradient'>>;

const of = (start: ArrayLike<number>, value: Smooth['value'], gradient: Smooth['gradient']): Smooth => ({
  name: '',
  start,
  value,
  gradient,
});

const hs3 = of(
  [10, 1],
  ([a, b]) => b + 1e-5 * (b - a) ** 2,
  ([a, b]) => Float64Array.of(-2e-5 * (b - a), 1 + 2e-5 * (b - a)),
);

const hs4 = of(
  [1.125, 0.125],
  ([a, b]) => (a + 1) ** 3 / 3 + b,
  ([a]) => Float64Array.of((a + 1) ** 2, 1),
);

const hs5 = of(
  [0, 0],
  ([a, b]) => Math.sin(a + b) + (a - b) ** 2 - 1.5 * a + 2.5 * b + 1,
  ([a, b]) => Float64Array.of(Math.cos(a + b) + 2 * (a - b) - 1.5, Math.cos(a + b) - 2 * (a - b) + 2.5),
);

const hs45 = of(
  [2, 2, 2, 2, 2],
  (x) => 2 - x.reduce((product, xi) => product * xi, 1) / 120,
  (x) => x.map((_, i) => -x.reduce((product, xj, j) => (i === j ? product : product * xj), 1) / 120),
);

const hs110 = of(
  new Float64Array(10).fill(9),
  (x) =>
    x.reduce((sum, xi) => sum + Math.log(xi - 2) ** 2 + Math.log(10 - xi) ** 2, 0) -
    x.reduce((product, xi) => product * xi, 1) ** 0.2,
  (x) => {
    const power = 0.2 * x.reduce((product, xi) => product * xi, 1) ** 0.2;
    return x.map(
      (xi) => (2 * Math.log(xi - 2)) / (xi - 2) - (2 * Math.log(10 - xi)) / (10 - xi) - power / xi,
    );
  },
);

/** Σ −1.5xᵢ + 2.5xᵢ₊₁ + 1 + (xᵢ − xᵢ₊₁)² + sin(xᵢ + xᵢ₊₁). */
const mccormick = of(
  new Float64Array(10),
  (x) => {
    let sum = 0;
    for (let i = 0; i < 9; i++)
      sum += -1.5 * x[i] + 2.5 * x[i + 1] + 1 + (x[i] - x[i + 1]) ** 2 + Math.sin(x[i] + x[i + 1]);
    return sum;
  },
  (x) => {
    const g = new Float64Array(10);
    for (let i = 0; i < 9; i++) {
      const [apart, turn] = [2 * (x[i] - x[i + 1]), Math.cos(x[i] + x[i + 1])];
      g[i] += -1.5 + apart + turn;
      g[i + 1] += 2.5 - apart + turn;
    }
    return g;
  },
);

/** Σ_{i≤10} exp(xᵢxᵢ₊₁/10) − Σ 10i·xᵢ, n = 12. */
const explin = of(
  new Float64Array(12),
  (x) => {
    let sum = 0;
    for (let i = 0; i < 10; i++) sum += Math.exp(0.1 * x[i] * x[i + 1]);
    return sum - x.reduce((total, xi, i) => total + 10 * (i + 1) * xi, 0);
  },
  (x) => {
    const g = x.map((_, i) => -10 * (i + 1));
    for (let i = 0; i < 10; i++) {
      const e = 0.1 * Math.exp(0.1 * x[i] * x[i + 1]);
      g[i] += e * x[i + 1];
      g[i + 1] += e * x[i];
    }
    return g;
  },
);

/** √(1 + x₁² + (x₂ − x₃)²) + √(1 + x₂² + (x₃ − x₄)²). */
const pspdoc = of(
  [3, 3, 3, 3],
  ([a, b, c, d]) => Math.sqrt(1 + a * a + (b - c) ** 2) + Math.sqrt(1 + b * b + (c - d) ** 2),
  ([a, b, c, d]) => {
    const [p, q] = [Math.sqrt(1 + a * a + (b - c) ** 2), Math.sqrt(1 + b * b + (c - d) ** 2)];
    return Float64Array.of(a / p, (b - c) / p + b / q, -(b - c) / p + (c - d) / q, -(c - d) / q);
  },
);

const side = 12;

/**
 * A membrane over the unit square on side × side inner points: ½∫|∇v|² − force·∫v by the five-point formula, v = 0 on
 * the edge.
 */
function membrane(force: number): Smooth {
  const h = 1 / (side + 1);
  const at = (v: Float64Array, i: number, j: number) =>
    i < 0 || j < 0 || i >= side || j >= side ? 0 : v[i * side + j];
  const gradient = (v: Float64Array) =>
    v.map((vi, k) => {
      const [i, j] = [Math.floor(k / side), k % side];
      const around = at(v, i - 1, j) + at(v, i + 1, j) + at(v, i, j - 1) + at(v, i, j + 1);
      return 4 * vi - around - force * h * h;
    });
  return of(
    new Float64Array(side * side),
    // Quadratic: f = ½vᵀ(g − force·h²·1).
    (v) => gradient(v).reduce((sum, gi, k) => sum + (v[k] * (gi - force * h * h)) / 2, 0),
    gradient,
  );
}

const grid = (bound: (x: number, y: number) => number) =>
  Array.from({ length: side * side }, (_, k) =>
    bound((Math.floor(k / side) + 1) / (side + 1), ((k % side) + 1) / (side + 1)),
  );
const toEdge = grid((x, y) => Math.min(x, 1 - x, y, 1 - y));
const obstacle = grid((x, y) => (Math.sin(9.2 * x) * Math.sin(9.3 * y)) ** 3);

/** Functions in boxes that are no sums of squares. */
export const boundedFunctions: readonly Bounded[] = [
  bounded(
    hs3,
    { lower: [Number.NEGATIVE_INFINITY, 0] },
    { name: 'hs3', source: hockSchittkowski(3), least: 0 },
  ),
  bounded(hs4, { lower: [1, 0] }, { name: 'hs4', source: hockSchittkowski(4), least: 8 / 3 }),
  bounded(
    hs5,
    { lower: [-1.5, -3], upper: [4, 3] },
    { name: 'hs5', source: hockSchittkowski(5), least: -Math.sqrt(3) / 2 - Math.PI / 3 },
  ),
  bounded(
    hs45,
    { lower: 0, upper: [1, 2, 3, 4, 5] },
    { name: 'hs45', source: hockSchittkowski(45), least: 1 },
  ),
  bounded(
    hs110,
    { lower: 2.001, upper: 9.999 },
    { name: 'hs110', source: hockSchittkowski(110), least: -45.77846971 },
  ),
  bounded(mccormick, { lower: -1.5, upper: 3 }, { name: 'mccormck', source: cutest('MCCORMCK') }),
  bounded(explin, { lower: 0, upper: 10 }, { name: 'explin', source: cutest('EXPLIN') }),
  bounded(
    pspdoc,
    { upper: [-1, Infinity, Infinity, Infinity] },
    {
      name: 'pspdoc',
      source: cutest('PSPDOC'),
    },
  ),
  bounded(
    sixHumpCamel() as Smooth,
    { lower: [-3, -1.5], upper: [3, 1.5] },
    {
      name: 'camel6',
      start: [1.1, 1.1],
      source: cutest('CAMEL6'),
    },
  ),
  bounded(
    membrane(5),
    { lower: toEdge.map((d) => -d), upper: toEdge },
    {
      name: 'torsion',
      source: 'Moré and Toraldo 1991, elastic–plastic torsion with c = 5',
    },
  ),
  bounded(
    membrane(1),
    { lower: obstacle, upper: 2000 },
    {
      name: 'obstacle',
      source: 'Moré and Toraldo 1991, the obstacle problem B',
    },
  ),
];
