import { expect, test } from 'vitest';
import {
  booth,
  float64,
  fromFunction,
  gradientCheck,
  type HostArray,
  type Problem,
  Random,
  rosenbrock,
  type Tree,
} from '../../../src/index.js';

test('names the one entry that is wrong', () => {
  const of = rosenbrock(4);
  const broken = {
    ...of,
    gradient(x: Float64Array) {
      const gradient = of.gradient!(x);
      gradient[2] *= 1 + 1e-6;
      return gradient;
    },
    hessian: undefined,
  };
  const x = [0.5, -1, 2, 0];
  const report = gradientCheck(broken, x);
  expect(report.agrees).toBe(false);
  expect(report.disagreements).toHaveLength(1);
  const [{ of: what, path, index, given, difference, tolerance }] = report.disagreements;
  expect({ what, path, index }).toEqual({ what: 'gradient', path: '', index: 2 });
  expect(given).toBe(broken.gradient(Float64Array.from(x))[2]);
  expect(Math.abs(difference - of.gradient!(Float64Array.from(x))[2])).toBeLessThanOrEqual(tolerance);
  expect(report.message).toMatch(
    /^1 of 4 entries disagree with differences; the first, the gradient at \[2\], is/,
  );
});

test('names the row and column of a wrong Hessian, one without its mirror too', () => {
  const of = booth();
  const report = gradientCheck({ ...of, hessian: () => Float64Array.of(10, 8, 0, 10) }, [0.3, -2]);
  expect(report.disagreements).toHaveLength(1);
  expect(report.disagreements[0]).toMatchObject({
    of: 'hessian',
    index: 1,
    column: { path: '', index: 0 },
    given: 0,
  });
  expect(report.checked).toBe(6);
});

test.each([0, Number.NaN, Number.POSITIVE_INFINITY])('a gradient of %d is found', (wrong) => {
  const of = booth();
  const report = gradientCheck({ ...of, gradient: () => Float64Array.of(wrong, wrong) }, [0, 0]);
  expect(report.disagreements.filter((one) => one.of === 'gradient')).toHaveLength(2);
});

test('a sign, a factor of two and a swap are found at every scale', () => {
  const of = rosenbrock(3);
  const mistakes = [
    (g: Float64Array) => g.map((entry) => -entry),
    (g: Float64Array) => g.map((entry) => 2 * entry),
    (g: Float64Array) => Float64Array.of(g[1], g[0], g[2]),
  ];
  for (const scale of [2 ** -40, 1, 2 ** 40]) {
    for (const mistake of mistakes) {
      const scaled = {
        name: 'scaled',
        start: of.start,
        value: (x: Float64Array) => scale * of.value(x),
        gradient: (x: Float64Array) => of.gradient!(x).map((entry) => scale * entry),
      };
      expect(gradientCheck(scaled, [1.5, -0.5, 0.25]).agrees).toBe(true);
      const wrong = { ...scaled, gradient: (x: Float64Array) => mistake(scaled.gradient(x)) };
      expect(gradientCheck(wrong, [1.5, -0.5, 0.25]).agrees).toBe(false);
    }
  }
});

/** Least squares over a tree and a batch: ½(w·a + b − t)². */
function regression(wrongBias: boolean): Problem<HostArray, { a: HostArray; t: number }> {
  type Parameters = { layer: { w: HostArray; b: HostArray } };
  const residual = (p: Tree<HostArray>, { a, t }: { a: HostArray; t: number }) => {
    const { w, b } = (p as Parameters).layer;
    return float64.sub(float64.add(float64.dot(w, a), b), t);
  };
  const value = (p: Tree<HostArray>, batch: { a: HostArray; t: number }) =>
    float64.mul(float64.square(residual(p, batch)), 0.5);
  return {
    name: 'regression',
    algebra: float64,
    start: () => ({ layer: { w: float64.fill([3], 0), b: float64.fill([], 0) } }),
    value,
    valueAndGradient(p, batch) {
      const r = residual(p, batch);
      const b = wrongBias ? float64.neg(r) : float64.copy(r);
      return { value: value(p, batch), gradient: { layer: { w: float64.mul(r, batch.a), b } } };
    },
  };
}

test('walks a tree with a batch, names the path and frees what it made', () => {
  const x = { layer: { w: float64.array([1, 2, -1], [3]), b: float64.fill([], 0.5) } };
  const batch = { a: float64.array([0.25, -1, 2], [3]), t: 3 };
  const before = float64.live();
  expect(gradientCheck(regression(false), x, batch)).toMatchObject({ agrees: true, checked: 4 });
  const [wrong, ...others] = gradientCheck(regression(true), x, batch).disagreements;
  expect(others).toEqual([]);
  expect(wrong).toMatchObject({ path: 'layer/b', index: 0 });
  gradientCheck(booth(), [1, 2]);
  expect(float64.live()).toBe(before);
});

test('refuses to compare differences with differences', () => {
  const { name, start, value } = booth();
  expect(() => gradientCheck({ name, start, value }, [0, 0])).toThrow(/expected a gradient in closed form/);
  const problem = fromFunction({ name, start, value });
  expect(() => gradientCheck(problem, float64.array([0, 0], [2]))).toThrow(/closed form/);
});

test('a right gradient of a function that ends in a cancellation is seldom taken for a wrong one', () => {
  const random = new Random(3);
  let alarms = 0;
  for (let trial = 0; trial < 1_000; trial++) {
    const constant = 1_000 * random.uniform();
    const of = {
      name: 'cancelled',
      start: [0],
      value: ([x]: ArrayLike<number> & Iterable<number>) =>
        Math.cos(x) + constant - constant - 0.999 * Math.cos(x),
      gradient: ([x]: ArrayLike<number> & Iterable<number>) => Float64Array.of(-1e-3 * Math.sin(x)),
    };
    if (!gradientCheck(of, [3 * random.normal()]).agrees) alarms++;
  }
  expect(alarms).toBeLessThanOrEqual(10); // of five values on one line alone: 100
});
