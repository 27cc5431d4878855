import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { bfgs, leastSquares, levenbergMarquardt, minimize, regression } from '../../../src/index.js';
import { Differences } from '../../../src/objective/differences.js';
import { plainJacobian } from '../../oracles/central-differences.js';
import { seed } from '../../seed.js';

/** Functions of length 1 about 0, with their derivatives. */
const shapes = {
  peak: [(u: number) => Math.exp((-u * u) / 2), (u: number) => -u * Math.exp((-u * u) / 2)],
  wave: [Math.sin, Math.cos],
  exponential: [Math.exp, Math.exp],
  saturation: [(u: number) => (u + 4) / (u + 5), (u: number) => 1 / (u + 5) ** 2],
  parabola: [(u: number) => u * u + 3, (u: number) => 2 * u],
  line: [(u: number) => 3 * u - 1, () => 3],
  raised: [(u: number) => 1000 + Math.atan(u), (u: number) => 1 / (1 + u * u)],
} as const;

const samples = fc.record({
  shape: fc.constantFrom(...(Object.keys(shapes) as (keyof typeof shapes)[])),
  unit: fc.integer({ min: -60, max: 60 }).map((k) => 2 ** k),
  /** x in lengths of the function: up to where 5 digits of x are left to resolve one. */
  away: fc.tuple(fc.constantFrom(-1, 1), fc.integer({ min: -46, max: 34 })).map(([sign, k]) => sign * 2 ** k),
  place: fc.double({ min: -2, max: 2, noNaN: true }),
});

type Sample = typeof samples extends fc.Arbitrary<infer S> ? S : never;

/** f((x − c)/L) at x = away·L, its derivative exact there. */
function posed({ shape, unit, away, place }: Sample) {
  const [f, derivative] = shapes[shape];
  const centre = away * unit - place * unit;
  const x = centre + place * unit;
  const u = (x - centre) / unit;
  return { x, value: (at: number) => f((at - centre) / unit), slope: derivative(u) / unit, unit };
}

function differentiated({ x, value }: ReturnType<typeof posed>) {
  let values = 0;
  const differences = new Differences(
    ([at], into) => {
      values++;
      into[0] = value(at);
    },
    1,
    1,
  );
  const into = new Float64Array(1);
  differences.jacobian(Float64Array.of(x), Float64Array.of(value(x)), into);
  return { got: into[0], told: differences.error, values };
}

property.prop([samples], { seed, numRuns: 2000 })(
  'a derivative has a relative error below 10⁻⁶ whatever the unit and offset of x',
  (sample) => {
    const problem = posed(sample);
    const { got } = differentiated(problem);
    const scale = Math.max(Math.abs(problem.slope), 1e-3 / problem.unit);
    expect(Math.abs(got - problem.slope) / scale).toBeLessThan(1e-6);
  },
);

test('which steps of ε^⅓·max(1, |x|) do not reach', () => {
  const problem = posed({ shape: 'peak', unit: 30, away: 2 ** 26, place: 0.5 });
  const into = new Float64Array(1);
  plainJacobian(([at]) => [problem.value(at)], Float64Array.of(problem.x), into);
  expect(Math.abs(into[0] / problem.slope - 1)).toBeGreaterThan(0.5);
});

test('what has few digits says so', () => {
  const coarse = (u: number) => Math.fround(Math.sin(u));
  const { got, told } = differentiated({ x: 1, value: coarse, slope: Math.cos(1), unit: 1 });
  const error = Math.abs(got / Math.cos(1) - 1);
  expect(error).toBeLessThan(1e-4);
  expect(told).toBeGreaterThan(error / 10);
  expect(told).toBeGreaterThan(1e-7);
});

test('in ordinary units a variable costs a few values more, once', () => {
  let values = 0;
  const residuals = (x: Float64Array, into: Float64Array) => {
    values++;
    for (let i = 0; i < 8; i++) into[i] = x[0] * Math.exp(-x[1] * i) - 2;
  };
  const differences = new Differences(residuals, 2, 8);
  const x = Float64Array.of(1.3, 0.4);
  const [middle, into] = [new Float64Array(8), new Float64Array(16)];
  residuals(x, middle);
  values = 0;
  differences.jacobian(x, middle, into);
  expect(values).toBeLessThanOrEqual(2 * 12);
  values = 0;
  x[0] += 0.1;
  residuals(x, middle);
  differences.jacobian(x, middle, into);
  expect(values).toBe(1 + 4);
});

test('a peak 30 s wide on Unix seconds is fitted without derivatives', () => {
  const centre = 1.7e9 + 145.5;
  const t = Array.from({ length: 60 }, (_, i) => 1.7e9 + 5 * i);
  const value = ([a, c, w]: Iterable<number>, s: number) => a * Math.exp(-(((s - c) / w) ** 2) / 2);
  const y = t.map((s) => value([2.5, centre, 30], s));
  const { x, outcome } = leastSquares(
    regression({ value } as never, t, y),
    [2, 1.7e9 + 130, 25],
    levenbergMarquardt(),
  );
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(x[1] - centre)).toBeLessThan(1e-5);
  expect(Math.abs(x[2] - 30)).toBeLessThan(1e-5);
});

test.each([1e-12, 3e-11, 1e-17, 0, 3e6])('(x − 3)² + 1 is minimized without derivatives from %s', (start) => {
  const { x, outcome } = minimize({ value: ([at]) => (at - 3) ** 2 + 1 }, [start], bfgs());
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(x[0] - 3)).toBeLessThan(1e-6);
});

test('variables of 10⁻⁹ are told from 0', () => {
  const half = 1.4424183196362515e-9;
  const { x, outcome } = minimize({ value: ([at]) => (at / (at + half) - 0.5) ** 2 }, [2e-8], bfgs());
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(x[0] / half - 1)).toBeLessThan(1e-6);
});

test('least squares on float32 values ends converged', () => {
  const t = Array.from({ length: 20 }, (_, i) => i / 4);
  const curve = ([a, b]: Iterable<number>, s: number) =>
    Math.fround(Math.fround(a) * Math.fround(Math.exp(-Math.fround(b) * s)));
  const y = t.map((s) => curve([1.5, 0.8], s) + 0.01 * Math.sin(9 * s));
  const residuals = (x: Float64Array) => Float64Array.from(t, (s, i) => Math.fround(curve(x, s) - y[i]));
  const { x, outcome } = leastSquares({ residuals }, [1, 1], levenbergMarquardt());
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(x[0] - 1.5015)).toBeLessThan(1e-3);
});
