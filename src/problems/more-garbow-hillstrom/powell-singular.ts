import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const [root5, root10] = [Math.sqrt(5), Math.sqrt(10)];

/**
 * Powell's singular function: for each four variables a, b, c, d the residuals a + 10b, √5(c − d), (b − 2c)²
 * and √10(a − d)².
 *
 * Minimum 0 at 0, where the Hessian is singular: Newton's method converges linearly.
 * Source: Moré, Garbow and Hillstrom 1981, problems 13 (n = 4) and 22.
 *
 * @throws RangeError unless n is a whole number ≥ 4 and divisible by 4
 * @example powellSingular(8).start // [3, −1, 0, 1, 3, −1, 0, 1]
 */
export function powellSingular(n = 4): SumOfSquares {
  wholeNumber('powellSingular', 'n', n, '[4, ∞)');
  if (n % 4 !== 0) throw new RangeError(`powellSingular(n): expected a multiple of 4, got ${n}`);
  return sumOfSquares({
    name: 'powellSingular',
    start: Array.from({ length: n }, (_, i) => [3, -1, 0, 1][i % 4]),
    m: n,
    residuals(x, r) {
      for (let i = 0; i < n; i += 4) {
        const [a, b, c, d] = x.subarray(i, i + 4);
        r.set([a + 10 * b, root5 * (c - d), (b - 2 * c) ** 2, root10 * (a - d) ** 2], i);
      }
    },
    jacobian(x, j) {
      for (let i = 0; i < n; i += 4) {
        const [a, b, c, d] = x.subarray(i, i + 4);
        const [inner, outer] = [2 * (b - 2 * c), 2 * root10 * (a - d)];
        j.set([1, 10], i * n + i);
        j.set([root5, -root5], (i + 1) * n + i + 2);
        j.set([inner, -2 * inner], (i + 2) * n + i + 1);
        j.set([outer, 0, 0, -outer], (i + 3) * n + i);
      }
    },
    curvature(_, w, h) {
      for (let i = 0; i < n; i += 4) {
        const [inner, outer] = [2 * w[i + 2], 2 * root10 * w[i + 3]];
        h[i * n + i] = outer;
        h[(i + 1) * n + i + 1] = inner;
        h.set([-2 * inner, 4 * inner], (i + 2) * n + i + 1);
        h.set([-outer, 0, 0, outer], (i + 3) * n + i);
      }
    },
    minima: [{ x: new Float64Array(n), value: 0 }],
    source: problem(n === 4 ? 13 : 22),
  });
}
