import { expect, test } from 'vitest';
import { fromFunction, nesterov, quadratic } from '../../../src/index.js';
import { numbers, run } from '../methods/plain-loop.js';

const condition = 1_000;
const n = 6;
const problem = fromFunction(quadratic(n, condition));

/** Nesterov's scheme with both sequences written out. */
function twoSequences(steps: number, rate: number, beta: (k: number) => number) {
  const { start, gradient } = quadratic(n, condition);
  let x = Float64Array.from(start);
  let y = x;
  const looking = [y];
  for (let k = 1; k <= steps; k++) {
    const slope = gradient!(y);
    const next = y.map((entry, i) => entry - rate * slope[i]);
    y = next.map((entry, i) => entry + beta(k) * (entry - x[i]));
    x = next;
    looking.push(y);
  }
  return looking;
}

test.each([
  ['0.9', 0.9, () => 0.9],
  ['the sequence', 'sequence' as const, (k: number) => (k - 1) / (k + 2)],
])('with β %s the parameters are the look-ahead points', (_, beta, term) => {
  const rate = 1 / condition;
  const { points } = run(nesterov({ learningRate: rate, beta }), problem, 200);
  const expected = twoSequences(200, rate, term);
  // 200 steps with |e| ≤ |e_0|·k in the worst mode, each rounding n values of size ‖x‖: 30·n·ε·200·‖x_0‖.
  const tolerance = 30 * n * 2 ** -52 * 200 * Math.hypot(...numbers(points[0]));
  points.forEach((point, k) => {
    expect(Math.hypot(...numbers(point).map((entry, i) => entry - expected[k][i]))).toBeLessThan(tolerance);
  });
});

test('one gradient step behind the look-ahead points, the sequence obeys f − f* ≤ 2L‖e₀‖²/(k + 1)²', () => {
  const of = quadratic(n, condition);
  const { points } = run(nesterov({ learningRate: 1 / condition, beta: 'sequence' }), problem, 300);
  const start = Math.hypot(...numbers(points[0])) ** 2;
  for (let k = 1; k <= 300; k++) {
    const y = Float64Array.from(numbers(points[k - 1]));
    const slope = of.gradient!(y);
    const x = y.map((entry, i) => entry - slope[i] / condition);
    expect(of.value(x)).toBeLessThanOrEqual((2 * condition * start) / (k + 1) ** 2);
  }
});
