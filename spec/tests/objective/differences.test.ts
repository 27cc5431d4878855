import { expect, test } from 'vitest';
import {
  bfgs,
  functions,
  leastSquares,
  levenbergMarquardt,
  methodsIn,
  minimize,
  regression,
} from '../../../src/index.js';
import { Differences } from '../../../src/objective/differences.js';

test('what has few digits says so, in the result and in its words', () => {
  const coarse = minimize({ value: ([u]) => Math.fround(Math.sin(u)) }, [1], bfgs());
  expect(coarse.differenceError).toBeGreaterThan(1e-6);
  expect(coarse.differenceError).toBeLessThan(1e-2);
  expect(coarse.outcome.message).toMatch(/; derivatives by differences have errors of up to 0\.0/);
  const t = [0, 1, 2, 3, 4, 5];
  const residuals = ([a, b]: Float64Array) =>
    Float64Array.from(t, (s) => Math.fround(a * Math.exp(-b * s) - 2 / (1 + s)));
  const fit = leastSquares({ residuals }, [1, 1], levenbergMarquardt());
  expect(fit.differenceError).toBeGreaterThan(1e-6);
  expect(fit.outcome.message).toContain('give derivatives, or values with more digits');
});

test('on the zoo they say of all that they are good, and given derivatives have no error', () => {
  for (const name of ['rosenbrock', 'helicalValley', 'wood', 'brownDennis']) {
    const { start, ...of } = functions.get(name)!.create();
    const { differenceError, outcome } = minimize({ value: of.value }, start, bfgs());
    expect(differenceError).toBeGreaterThan(0);
    expect(differenceError).toBeLessThan(1e-8);
    expect(outcome.message).not.toContain('differences');
    expect(minimize(of, start, bfgs()).differenceError).toBe(0);
  }
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

const shifted = {
  value: ([at]: Float64Array) => (at - 3) ** 2 + 1,
  gradient: ([at]: Float64Array) => Float64Array.of(2 * (at - 3)),
  hessian: () => Float64Array.of(2),
};
const given = [
  { value: shifted.value },
  { value: shifted.value, gradient: shifted.gradient },
  shifted,
] as const;

/** Newton's and the secant method refuse, in words, a step that leaves the digits of x behind; Lbfgs as published fails. */
const fromAnywhere = [...methodsIn('minimize').values()].filter(
  ({ name }) =>
    !['univariateNewton', 'secant', 'lbfgsAsPublished', 'diagonalNewtonAsPublished'].includes(name),
);

test.each(fromAnywhere)(
  '$name finds the minimum of (x − 3)² + 1 from next to 0 and from far off',
  (method) => {
    for (const problem of given) {
      for (const start of [0, 1e-12, 1e-17, 1e-100, 1e-300, 3e6]) {
        const { x, outcome } = minimize(problem, [start], method.create());
        expect([start, outcome.kind]).toEqual([start, 'converged']);
        expect(Math.abs(x[0] - 3)).toBeLessThan(1e-5);
      }
    }
  },
);

test.each(['univariateNewton', 'secant'])('%s finds it too, from where 0 is near enough', (name) => {
  for (const problem of given) {
    for (const start of [0, 1e-17, 1e-100, 1e-300, 3e6]) {
      const { x, outcome } = minimize(problem, [start], methodsIn('minimize').get(name)!.create());
      expect([start, outcome.kind]).toEqual([start, 'converged']);
      expect(Math.abs(x[0] - 3)).toBeLessThan(1e-5);
    }
  }
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
