import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/**
 * Rosenbrock's valley over n/2 separate pairs (a, b): residuals 10(b − a²) and 1 − a.
 *
 * Minimum 0 at (1, …, 1), and no other. Unlike `rosenbrock(n)`, where each variable meets the next.
 * Source: Moré, Garbow and Hillstrom 1981, problem 21.
 *
 * @throws RangeError unless n is a whole number ≥ 2 and even
 * @example extendedRosenbrock(10).value(new Float64Array(10).fill(1)) // 0
 */
export function extendedRosenbrock(n = 10): SumOfSquares {
  wholeNumber('extendedRosenbrock', 'n', n, '[2, ∞)');
  if (n % 2 !== 0) throw new RangeError(`extendedRosenbrock(n): expected an even number, got ${n}`);
  return sumOfSquares({
    name: 'extendedRosenbrock',
    start: Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
    m: n,
    residuals(x, r) {
      for (let i = 0; i < n; i += 2) r.set([10 * (x[i + 1] - x[i] * x[i]), 1 - x[i]], i);
    },
    jacobian(x, j) {
      for (let i = 0; i < n; i += 2) {
        j.set([-20 * x[i], 10], i * n + i);
        j[(i + 1) * n + i] = -1;
      }
    },
    curvature(_, w, h) {
      for (let i = 0; i < n; i += 2) h[i * n + i] = -20 * w[i];
    },
    minima: [{ x: new Float64Array(n).fill(1), value: 0 }],
    source: problem(21),
  });
}
