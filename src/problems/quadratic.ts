import { inRange, wholeNumber } from '../algebra/argument.js';
import type { TestFunction } from './test-function.js';

/**
 * An ill-conditioned quadratic: f(x) = ½xᵀAx, with A = QΛQ, Λ = diag(1, …, κ) spaced geometrically, and
 * Q = I − (2/n)11ᵀ, a reflection that is its own inverse and mixes all coordinates.
 *
 * Minimum 0 at 0. The start is Q·(1, …, 1), where every eigenmode has the error 1. The gradient is formed by
 * the factors, in O(n).
 *
 * @throws RangeError unless n is a whole number ≥ 2 and condition ≥ 1
 * @example quadratic(10, 1e4) // ∇²f has eigenvalues from 1 to 10⁴
 */
export function quadratic(n = 10, condition = 1_000): TestFunction {
  wholeNumber('quadratic', 'n', n, '[2, ∞)');
  inRange('quadratic', 'condition', condition, '[1, ∞)');
  const eigenvalues = Float64Array.from({ length: n }, (_, i) => condition ** (i / (n - 1)));
  const reflected = (x: ArrayLike<number>) => {
    let total = 0;
    for (let i = 0; i < n; i++) total += x[i];
    return Float64Array.from(x, (value) => value - (2 * total) / n);
  };
  return {
    name: 'quadratic',
    start: reflected(new Float64Array(n).fill(1)),
    value: (x) => reflected(x).reduce((total, mode, i) => total + (eigenvalues[i] * mode * mode) / 2, 0),
    gradient: (x) => reflected(reflected(x).map((mode, i) => eigenvalues[i] * mode)),
    hessian() {
      const trace = eigenvalues.reduce((total, value) => total + value, 0);
      const hessian = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          hessian[i * n + j] = (4 * trace) / n ** 2 - (2 / n) * (eigenvalues[i] + eigenvalues[j]);
        }
        hessian[i * n + i] += eigenvalues[i];
      }
      return hessian;
    },
    minimum: { x: new Float64Array(n), value: 0 },
  };
}
