import { expect, test } from 'vitest';
import { adam, fromFunction, rosenbrock } from '../../../src/index.js';
import { numbers, run } from './plain-loop.js';

/** Kingma and Ba 2015, algorithm 1, as a loop over numbers. */
function naive(steps: number, exponent: number, start: ArrayLike<number>): number[] {
  const of = rosenbrock(3);
  const [rate, beta1, beta2, epsilon] = [0.01, 0.9, 0.999, 1e-8];
  const x = Float64Array.from(start);
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  for (let t = 1; t <= steps; t++) {
    const g = of.gradient!(x);
    for (let i = 0; i < 3; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      const corrected = v[i] / (1 - beta2 ** t);
      const divisor = exponent === 0.5 ? Math.sqrt(corrected) : corrected ** exponent;
      x[i] -= (rate * (m[i] / (1 - beta1 ** t))) / (divisor + epsilon);
    }
  }
  return [...x];
}

test.each([0.5, 1, 0.75])('Adam with exponent %d takes the steps of the naive loop', (exponent) => {
  const { points } = run(adam({ learningRate: 0.01, exponent }), fromFunction(rosenbrock(3)), 100);
  const { start } = rosenbrock(3);
  const expected = naive(100, exponent, start);
  // The condition of the whole run, measured: what a start moved by ε comes to. Every step rounds that much again.
  const moved = naive(
    100,
    exponent,
    Float64Array.from(start, (x) => x * (1 + 2 ** -52)),
  );
  const tolerance = 100 * 30 * Math.max(2 ** -52, ...moved.map((x, i) => Math.abs(x - expected[i])));
  expect(tolerance).toBeLessThan(1e-9);
  numbers(points[100]).forEach((entry, i) => {
    expect(Math.abs(entry - expected[i])).toBeLessThan(tolerance);
  });
});
