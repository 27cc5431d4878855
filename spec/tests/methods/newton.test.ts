import { expect, test } from 'vitest';
import { booth, float64, fromFunction, newton, saddle } from '../../../src/index.js';
import { chain, learningRate, newton as newtonDirection } from '../../../src/transforms/index.js';
import { numbers, once, run, vector } from './plain-loop.js';

test('solves a quadratic in one step', () => {
  const { points } = run(newton(), fromFunction(booth()), 1);
  const [x, y] = numbers(points[1]);
  expect(Math.hypot(x - 1, y - 3)).toBeLessThan(30 * 2 * 9 * 2 ** -52 * Math.hypot(1, 3)); // 30·n·κ·ε
});

test('undamped, it climbs to the saddle', () => {
  const { points } = run(newton(), fromFunction(saddle()), 6);
  expect(Math.hypot(...numbers(points[6]))).toBeLessThan(1e-12);
});

test.each([
  ['singular', [1, 2, 2, 4], 'singular'],
  ['not a number', [1, Number.NaN, 0, 1], 'nonFinite'],
  ['so small that the step overflows', [1e-300, 0, 0, 1e-300], 'nonFinite'],
])('a Hessian that is %s ends the run by an outcome and spoils nothing', (_, hessian, kind) => {
  const of = {
    name: 'trouble',
    start: [3e10, -1e10],
    value: () => 0,
    gradient: () => Float64Array.of(1e10, 1e10),
    hessian: () => Float64Array.from(hessian),
  };
  const { points, outcome } = run(newton(), fromFunction(of), 5);
  expect(outcome).toMatchObject({ kind, stage: 'newton', step: 0 });
  expect(points.map(numbers)).toEqual([[3e10, -1e10]]);
});

test('a chain stops at the part that reports the outcome', () => {
  let reached = false;
  const spy = {
    ...learningRate(1),
    update() {
      reached = true;
      throw new Error('not reached');
    },
  };
  const of = fromFunction({ ...booth(), hessian: () => new Float64Array(4) });
  const { outcome } = run(chain(newtonDirection(), spy), of, 1);
  expect(outcome?.kind).toBe('singular');
  expect(reached).toBe(false);
});

test('needs a Hessian', () => {
  expect(() => once(newtonDirection(), vector(1), vector(2), float64)).toThrow(
    'newton(objective): expected one with a Hessian, got one without',
  );
});
