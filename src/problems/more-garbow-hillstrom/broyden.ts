import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/**
 * Broyden's tridiagonal function: rᵢ = (3 − 2xᵢ)xᵢ − xᵢ₋₁ − 2xᵢ₊₁ + 1.
 *
 * Minimum 0.
 * Source: Moré, Garbow and Hillstrom 1981, problem 30.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example broydenTridiagonal(10).start // −1 everywhere
 */
export function broydenTridiagonal(n = 10): SumOfSquares {
  wholeNumber('broydenTridiagonal', 'n', n, '[2, ∞)');
  return sumOfSquares({
    name: 'broydenTridiagonal',
    start: new Float64Array(n).fill(-1),
    m: n,
    residuals(x, r) {
      for (let i = 0; i < n; i++) {
        const neighbours = (i === 0 ? 0 : x[i - 1]) + (i === n - 1 ? 0 : 2 * x[i + 1]);
        r[i] = (3 - 2 * x[i]) * x[i] - neighbours + 1;
      }
    },
    jacobian(x, j) {
      for (let i = 0; i < n; i++) {
        if (i > 0) j[i * n + i - 1] = -1;
        j[i * n + i] = 3 - 4 * x[i];
        if (i < n - 1) j[i * n + i + 1] = -2;
      }
    },
    curvature(_, w, h) {
      for (let i = 0; i < n; i++) h[i * n + i] = -4 * w[i];
    },
    minima: [{ value: 0 }],
    source: problem(30),
  });
}

/**
 * Broyden's banded function: rᵢ = xᵢ(2 + 5xᵢ²) + 1 − Σ xⱼ(1 + xⱼ) over the five indices before i and the one
 * after.
 *
 * Minimum 0.
 * Source: Moré, Garbow and Hillstrom 1981, problem 31.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example broydenBanded(10).start // −1 everywhere
 */
export function broydenBanded(n = 10): SumOfSquares {
  wholeNumber('broydenBanded', 'n', n, '[2, ∞)');
  const band = (i: number) =>
    [-5, -4, -3, -2, -1, 1].map((shift) => i + shift).filter((j) => j >= 0 && j < n);
  return sumOfSquares({
    name: 'broydenBanded',
    start: new Float64Array(n).fill(-1),
    m: n,
    residuals(x, r) {
      for (let i = 0; i < n; i++) {
        r[i] = x[i] * (2 + 5 * x[i] ** 2) + 1;
        for (const j of band(i)) r[i] -= x[j] * (1 + x[j]);
      }
    },
    jacobian(x, jacobian) {
      for (let i = 0; i < n; i++) {
        jacobian[i * n + i] = 2 + 15 * x[i] ** 2;
        for (const j of band(i)) jacobian[i * n + j] = -1 - 2 * x[j];
      }
    },
    curvature(x, w, h) {
      for (let i = 0; i < n; i++) {
        h[i * n + i] += 30 * w[i] * x[i];
        for (const j of band(i)) h[j * n + j] -= 2 * w[i];
      }
    },
    minima: [{ value: 0 }],
    source: problem(31),
  });
}
