import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/** The grid t = h, 2h, …, 1 − h and the start t(t − 1) on it. */
function grid(n: number) {
  const h = 1 / (n + 1);
  const t = Float64Array.from({ length: n }, (_, i) => (i + 1) * h);
  return { h, t, start: t.map((time) => time * (time - 1)) };
}

/**
 * u″ = ½(u + t + 1)³, u(0) = u(1) = 0, by differences on n inner points, h = 1/(n + 1):
 * rᵢ = 2xᵢ − xᵢ₋₁ − xᵢ₊₁ + ½h²(xᵢ + tᵢ + 1)³.
 *
 * Minimum 0.
 * Source: Moré, Garbow and Hillstrom 1981, problem 28.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example discreteBoundaryValue(10).residuals(new Float64Array(10))
 */
export function discreteBoundaryValue(n = 10): SumOfSquares {
  wholeNumber('discreteBoundaryValue', 'n', n, '[2, ∞)');
  const { h: step, t, start } = grid(n);
  const square = step * step;
  return sumOfSquares({
    name: 'discreteBoundaryValue',
    start,
    m: n,
    residuals(x, r) {
      for (let i = 0; i < n; i++) {
        const neighbours = (i === 0 ? 0 : x[i - 1]) + (i === n - 1 ? 0 : x[i + 1]);
        r[i] = 2 * x[i] - neighbours + (square * (x[i] + t[i] + 1) ** 3) / 2;
      }
    },
    jacobian(x, j) {
      for (let i = 0; i < n; i++) {
        if (i > 0) j[i * n + i - 1] = -1;
        j[i * n + i] = 2 + (3 * square * (x[i] + t[i] + 1) ** 2) / 2;
        if (i < n - 1) j[i * n + i + 1] = -1;
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < n; i++) h[i * n + i] = 3 * w[i] * square * (x[i] + t[i] + 1);
    },
    minima: [{ value: 0 }],
    source: problem(28),
  });
}

/**
 * The same differential equation as an integral equation:
 * rᵢ = xᵢ + ½h[(1 − tᵢ)Σ_{j≤i} tⱼ(xⱼ + tⱼ + 1)³ + tᵢΣ_{j>i} (1 − tⱼ)(xⱼ + tⱼ + 1)³].
 *
 * Minimum 0.
 * Source: Moré, Garbow and Hillstrom 1981, problem 29.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example discreteIntegral(10).residuals(new Float64Array(10))
 */
export function discreteIntegral(n = 10): SumOfSquares {
  wholeNumber('discreteIntegral', 'n', n, '[2, ∞)');
  const { h: step, t, start } = grid(n);
  /** Green's function of −u″ times h/2. */
  const kernel = (i: number, j: number) => (step / 2) * (j <= i ? (1 - t[i]) * t[j] : t[i] * (1 - t[j]));
  return sumOfSquares({
    name: 'discreteIntegral',
    start,
    m: n,
    residuals(x, r) {
      for (let i = 0; i < n; i++) {
        r[i] = x[i];
        for (let j = 0; j < n; j++) r[i] += kernel(i, j) * (x[j] + t[j] + 1) ** 3;
      }
    },
    jacobian(x, jacobian) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) jacobian[i * n + j] = 3 * kernel(i, j) * (x[j] + t[j] + 1) ** 2;
        jacobian[i * n + i] += 1;
      }
    },
    curvature(x, w, h) {
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) h[j * n + j] += 6 * w[i] * kernel(i, j) * (x[j] + t[j] + 1);
      }
    },
    minima: [{ value: 0 }],
    source: problem(29),
  });
}
