import {
  bard,
  beale,
  box,
  brownDennis,
  chebyquad,
  extendedRosenbrock,
  freudensteinRoth,
  gaussian,
  helicalValley,
  osborne2,
  powellSingular,
  rosenbrock,
  type SumOfSquares,
  sumOfSquares,
  trigonometric,
  variablyDimensioned,
  wood,
} from '../../../src/index.js';
import { type Bounded, bounded, boxedAway } from './bounded-problem.js';

const hockSchittkowski = (number: number) => `Hock and Schittkowski 1981, problem ${number}`;
const cutest = (name: string) => `CUTEst (Gould, Orban and Toint 2015), ${name}`;

/** Problem 25: rᵢ = exp(−(uᵢ − x₂)^x₃/x₁) − i/100 with uᵢ = 25 + (−50 ln(i/100))^⅔, i = 1 … 99. */
const hs25 = sumOfSquares({
  name: 'hs25',
  start: [100, 12.5, 3],
  m: 99,
  residuals([a, b, c], r) {
    for (let i = 1; i <= 99; i++) {
      const u = 25 + (-50 * Math.log(i / 100)) ** (2 / 3);
      r[i - 1] = Math.exp(-((u - b) ** c) / a) - i / 100;
    }
  },
  jacobian([a, b, c], j) {
    for (let i = 1; i <= 99; i++) {
      const u = 25 + (-50 * Math.log(i / 100)) ** (2 / 3);
      const power = (u - b) ** c;
      const e = Math.exp(-power / a);
      j[3 * i - 3] = (e * power) / a / a;
      j[3 * i - 2] = u === b ? 0 : (e * c * (u - b) ** (c - 1)) / a;
      j[3 * i - 1] = u > b ? (-e * power * Math.log(u - b)) / a : 0;
    }
  },
  source: hockSchittkowski(25),
});

/** HATFLDA: r = (x₁ − 1, xᵢ₋₁ − √xᵢ), i = 2 … 4. */
const roots = sumOfSquares({
  name: 'hatflda',
  start: [0.1, 0.1, 0.1, 0.1],
  m: 4,
  residuals(x, r) {
    r[0] = x[0] - 1;
    for (let i = 1; i < 4; i++) r[i] = x[i - 1] - Math.sqrt(x[i]);
  },
  jacobian(x, j) {
    j[0] = 1;
    for (let i = 1; i < 4; i++) {
      j[4 * i + i - 1] = 1;
      j[4 * i + i] = -0.5 / Math.sqrt(x[i]);
    }
  },
  curvature(x, w, h) {
    for (let i = 1; i < 4; i++) h[4 * i + i] = (0.25 * w[i]) / x[i] ** 1.5;
  },
  source: cutest('HATFLDA'),
});

/** A chain of n variables: HATFLDC, r = (x₁ − 1, xᵢ₊₁ − xᵢ² for i = 2 … n − 1, xₙ − 1). */
const squares = sumOfSquares({
  name: 'hatfldc',
  start: new Float64Array(25).fill(0.9),
  m: 25,
  residuals(x, r) {
    r[0] = x[0] - 1;
    for (let i = 1; i < 24; i++) r[i] = x[i + 1] - x[i] ** 2;
    r[24] = x[24] - 1;
  },
  jacobian(x, j) {
    j[0] = 1;
    for (let i = 1; i < 24; i++) {
      j[25 * i + i + 1] = 1;
      j[25 * i + i] = -2 * x[i];
    }
    j[24 * 25 + 24] = 1;
  },
  curvature(_, w, h) {
    for (let i = 1; i < 24; i++) h[25 * i + i] = -2 * w[i];
  },
  source: cutest('HATFLDC'),
});

/** The first driver of L-BFGS-B: r = (x₁ − 1, 2(xᵢ − xᵢ₋₁²)), i = 2 … 25. */
const driver = sumOfSquares({
  name: 'lbfgsbDriver',
  start: new Float64Array(25).fill(3),
  m: 25,
  residuals(x, r) {
    r[0] = x[0] - 1;
    for (let i = 1; i < 25; i++) r[i] = 2 * (x[i] - x[i - 1] ** 2);
  },
  jacobian(x, j) {
    j[0] = 1;
    for (let i = 1; i < 25; i++) {
      j[25 * i + i] = 2;
      j[25 * i + i - 1] = -4 * x[i - 1];
    }
  },
  curvature(_, w, h) {
    for (let i = 1; i < 25; i++) h[25 * (i - 1) + i - 1] = -4 * w[i];
  },
  source: 'Zhu, Byrd, Lu and Nocedal 1997, the driver of algorithm 778',
});

/** BIGGSB1: r = (x₁ − 1, xᵢ₊₁ − xᵢ, 1 − xₙ), n = 25. */
const differences = sumOfSquares({
  name: 'biggsb1',
  start: new Float64Array(25),
  m: 26,
  residuals(x, r) {
    r[0] = x[0] - 1;
    for (let i = 0; i < 24; i++) r[i + 1] = x[i + 1] - x[i];
    r[25] = 1 - x[24];
  },
  jacobian(_, j) {
    j[0] = 1;
    for (let i = 0; i < 24; i++) {
      j[25 * (i + 1) + i] = -1;
      j[25 * (i + 1) + i + 1] = 1;
    }
    j[25 * 25 + 24] = -1;
  },
  source: cutest('BIGGSB1'),
});

const odd = (low: number, high: number) => Array.from({ length: 25 }, (_, i) => (i % 2 === 0 ? low : high));

/** Sums of squares in boxes. */
export const boundedSums: readonly Bounded<SumOfSquares>[] = [
  bounded(
    rosenbrock(),
    { lower: [Number.NEGATIVE_INFINITY, -1.5] },
    {
      name: 'hs1',
      start: [-2, 1],
      source: hockSchittkowski(1),
      least: 0,
    },
  ),
  bounded(
    rosenbrock(),
    { lower: [Number.NEGATIVE_INFINITY, 1.5] },
    {
      name: 'hs2',
      start: [-2, 1],
      source: hockSchittkowski(2),
      least: 0.05042618789,
    },
  ),
  bounded(
    hs25,
    { lower: [0.1, 0, 0], upper: [100, 25.6, 5] },
    { name: 'hs25', source: hs25.source!, least: 0 },
  ),
  bounded(wood(), { lower: -10, upper: 10 }, { name: 'hs38', source: hockSchittkowski(38), least: 0 }),
  bounded(roots, { lower: 1e-7 }, { name: 'hatflda', source: roots.source! }),
  bounded(
    roots,
    { lower: 1e-7, upper: [Infinity, 0.8, Infinity, Infinity] },
    {
      name: 'hatfldb',
      source: cutest('HATFLDB'),
    },
  ),
  bounded(squares, { lower: 0, upper: 10 }, { name: 'hatfldc', source: squares.source! }),
  bounded(driver, { lower: odd(1, -100), upper: 100 }, { name: 'lbfgsbDriver', source: driver.source! }),
  bounded(
    differences,
    { lower: 0, upper: Array.from({ length: 25 }, (_, i) => (i < 24 ? 0.9 : Number.POSITIVE_INFINITY)) },
    { name: 'biggsb1', source: differences.source! },
  ),
  bounded(
    powellSingular(),
    { lower: -4, upper: 5 },
    {
      name: 'powell boxed',
      start: [3, -1, 0, 1],
      source: 'Jansson and Knüppel 1992',
    },
  ),
  bounded(chebyquad(), { lower: 0, upper: 1 }, { name: 'chebyquad boxed', source: cutest('CHEBYQAD') }),
  ...[
    rosenbrock(),
    freudensteinRoth(),
    beale(),
    helicalValley(),
    bard(),
    gaussian(),
    box(),
    wood(),
    brownDennis(),
    osborne2(),
    extendedRosenbrock(),
    powellSingular(12),
    variablyDimensioned(),
    trigonometric(),
  ].map(boxedAway),
];
