import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const root = Math.sqrt(1e-5);
const values1 = new Map([
  [4, 2.2499775008999375e-5],
  [10, 7.087651467090369e-5],
]);
const values2 = new Map([
  [4, 9.37629300735544e-6],
  [10, 2.9366053745674605e-4],
]);
const minima = (value: number | undefined) => (value === undefined ? undefined : [{ value }]);

/**
 * The first penalty function: rᵢ = √10⁻⁵(xᵢ − 1), i = 1, …, n, and Σ xⱼ² − ¼.
 *
 * Minimum 2.24997…·10⁻⁵ for n = 4, 7.08765…·10⁻⁵ for 10. Curved by 1 across a sphere and by 10⁻⁵ along it.
 * Source: Moré, Garbow and Hillstrom 1981, problem 23.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example penalty1(4).start // [1, 2, 3, 4]
 */
export function penalty1(n = 10): SumOfSquares {
  wholeNumber('penalty1', 'n', n, '[2, ∞)');
  return sumOfSquares({
    name: 'penalty1',
    start: Array.from({ length: n }, (_, i) => i + 1),
    m: n + 1,
    residuals(x, r) {
      for (let i = 0; i < n; i++) {
        r[i] = root * (x[i] - 1);
        r[n] += x[i] * x[i];
      }
      r[n] -= 0.25;
    },
    jacobian(x, j) {
      for (let i = 0; i < n; i++) {
        j[i * n + i] = root;
        j[n * n + i] = 2 * x[i];
      }
    },
    curvature(_, w, h) {
      for (let i = 0; i < n; i++) h[i * n + i] = 2 * w[n];
    },
    minima: minima(values1.get(n)),
    source: problem(23),
  });
}

/**
 * The second penalty function: x₁ − ⅕; √10⁻⁵(e^(xᵢ/10) + e^(xᵢ₋₁/10) − e^(i/10) − e^((i−1)/10)), i = 2, …, n;
 * √10⁻⁵(e^(xᵢ/10) − e^(−1/10)), i = 2, …, n; and Σ (n − j + 1)xⱼ² − 1.
 *
 * Minimum 9.37629…·10⁻⁶ for n = 4, 2.93660…·10⁻⁴ for 10.
 * Source: Moré, Garbow and Hillstrom 1981, problem 24.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example penalty2(4).start // [0.5, 0.5, 0.5, 0.5]
 */
export function penalty2(n = 10): SumOfSquares {
  wholeNumber('penalty2', 'n', n, '[2, ∞)');
  const last = 2 * n - 1;
  const level = (i: number) => Math.exp((i + 1) / 10) + Math.exp(i / 10);
  return sumOfSquares({
    name: 'penalty2',
    start: new Float64Array(n).fill(0.5),
    m: 2 * n,
    residuals(x, r) {
      const e = x.map((entry) => Math.exp(entry / 10));
      r[0] = x[0] - 0.2;
      for (let i = 1; i < n; i++) {
        r[i] = root * (e[i] + e[i - 1] - level(i));
        r[n + i - 1] = root * (e[i] - Math.exp(-0.1));
      }
      for (let i = 0; i < n; i++) r[last] += (n - i) * x[i] * x[i];
      r[last] -= 1;
    },
    jacobian(x, j) {
      const slope = x.map((entry) => (root * Math.exp(entry / 10)) / 10);
      j[0] = 1;
      for (let i = 1; i < n; i++) {
        j.set([slope[i - 1], slope[i]], i * n + i - 1);
        j[(n + i - 1) * n + i] = slope[i];
      }
      for (let i = 0; i < n; i++) j[last * n + i] = 2 * (n - i) * x[i];
    },
    curvature(x, w, h) {
      const bend = x.map((entry) => (root * Math.exp(entry / 10)) / 100);
      for (let i = 0; i < n; i++) {
        const own = i === 0 ? 0 : w[i] + w[n + i - 1];
        const next = i === n - 1 ? 0 : w[i + 1];
        h[i * n + i] = (own + next) * bend[i] + 2 * (n - i) * w[last];
      }
    },
    minima: minima(values2.get(n)),
    source: problem(24),
  });
}
