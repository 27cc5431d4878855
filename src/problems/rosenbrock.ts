import { wholeNumber } from '../algebra/argument.js';
import type { SumOfSquares } from './sum-of-squares.js';

/**
 * Rosenbrock's valley in n dimensions: f(x) = Σ_{i<n} 100(x_{i+1} − x_i²)² + (1 − x_i)², whose residuals are
 * 10(x_{i+1} − x_i²) and 1 − x_i.
 *
 * Minimum 0 at (1, …, 1); from n = 4 on there is a second, local one near (−1, 1, …, 1). The start is
 * (−1.2, 1, −1.2, 1, …).
 * Source: Rosenbrock 1960 (n = 2); Moré, Garbow and Hillstrom 1981 for the start; the chain over n
 * coordinates, Shang and Qiu 2006.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example rosenbrock(10).value(new Float64Array(10).fill(1)) // 0
 */
export function rosenbrock(n = 2): SumOfSquares {
  wholeNumber('rosenbrock', 'n', n, '[2, ∞)');
  return {
    name: 'rosenbrock',
    start: Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
    value(x) {
      let total = 0;
      for (let i = 0; i + 1 < n; i++) total += 100 * (x[i + 1] - x[i] * x[i]) ** 2 + (1 - x[i]) ** 2;
      return total;
    },
    gradient(x) {
      const gradient = new Float64Array(n);
      for (let i = 0; i + 1 < n; i++) {
        const above = x[i + 1] - x[i] * x[i];
        gradient[i] += -400 * x[i] * above - 2 * (1 - x[i]);
        gradient[i + 1] += 200 * above;
      }
      return gradient;
    },
    hessian(x) {
      const hessian = new Float64Array(n * n);
      for (let i = 0; i + 1 < n; i++) {
        hessian[i * n + i] += 1200 * x[i] * x[i] - 400 * x[i + 1] + 2;
        hessian[i * n + i + 1] = -400 * x[i];
        hessian[(i + 1) * n + i] = -400 * x[i];
        hessian[(i + 1) * n + i + 1] += 200;
      }
      return hessian;
    },
    residuals(x) {
      const r = new Float64Array(2 * (n - 1));
      for (let i = 0; i + 1 < n; i++) r.set([10 * (x[i + 1] - x[i] * x[i]), 1 - x[i]], 2 * i);
      return r;
    },
    jacobian(x) {
      const jacobian = new Float64Array(2 * (n - 1) * n);
      for (let i = 0; i + 1 < n; i++) {
        jacobian.set([-20 * x[i], 10], 2 * i * n + i);
        jacobian[(2 * i + 1) * n + i] = -1;
      }
      return jacobian;
    },
    minimum: { x: new Float64Array(n).fill(1), value: 0 },
    source: 'Rosenbrock 1960; Moré, Garbow and Hillstrom 1981, problem 1',
  };
}
