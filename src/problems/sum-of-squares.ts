import type { Residuals } from '../objective/residual-evaluations.js';
import type { Minimum, TestFunction } from './test-function.js';

/** A test function f = Σ rᵢ² with its residuals: a problem of least squares as well. */
export interface SumOfSquares extends TestFunction, Required<Residuals> {
  gradient(x: Float64Array): Float64Array;
  hessian(x: Float64Array): Float64Array;
}

/** The parts of a sum of squares. Each writes into zeros. */
export interface Squares {
  readonly name: string;
  readonly start: ArrayLike<number>;
  /** How many residuals there are. */
  readonly m: number;
  residuals(x: Float64Array, r: Float64Array): void;
  /** ∂rᵢ/∂xⱼ at j[i·n + j]. */
  jacobian(x: Float64Array, j: Float64Array): void;
  /** Σ wᵢ∇²rᵢ, of which only the lower triangle, h[i·n + j] with j ≤ i, is read; nothing for linear residuals. */
  curvature?(x: Float64Array, w: Float64Array, h: Float64Array): void;
  readonly minima?: readonly Minimum[];
  readonly source: string;
}

/**
 * The function f = Σ rᵢ² with ∇f = 2Jᵀr and ∇²f = 2(JᵀJ + Σ rᵢ∇²rᵢ).
 *
 * As a problem of least squares it is minimized as ½Σ rᵢ² = f/2.
 * Source: Nocedal and Wright 2006, equations 10.4 and 10.5.
 *
 * @example
 * const one = sumOfSquares({
 *   name: 'one', start: [0], m: 2, source: '', // r = (x − 1, x²)
 *   residuals: ([x], r) => r.set([x - 1, x * x]),
 *   jacobian: ([x], j) => j.set([1, 2 * x]),
 *   curvature: (_, w, h) => h.set([2 * w[1]]),
 * });
 * minimize(one, one.start, trustRegion());
 */
export function sumOfSquares(parts: Squares): SumOfSquares {
  const { name, start, m, minima, source } = parts;
  const n = start.length;
  const residuals = (x: Float64Array) => {
    const r = new Float64Array(m);
    parts.residuals(x, r);
    return r;
  };
  const jacobian = (x: Float64Array) => {
    const j = new Float64Array(m * n);
    parts.jacobian(x, j);
    return j;
  };
  const first = minima?.[0];
  return {
    name,
    start,
    residuals,
    jacobian,
    value: (x) => residuals(x).reduce((total, r) => total + r * r, 0),
    gradient(x) {
      const [r, j] = [residuals(x), jacobian(x)];
      const gradient = new Float64Array(n);
      for (let i = 0; i < m; i++) for (let k = 0; k < n; k++) gradient[k] += 2 * j[i * n + k] * r[i];
      return gradient;
    },
    hessian(x) {
      const [r, j] = [residuals(x), jacobian(x)];
      const hessian = new Float64Array(n * n);
      parts.curvature?.(x, r, hessian);
      for (let k = 0; k < n; k++) {
        for (let l = 0; l <= k; l++) {
          let total = hessian[k * n + l];
          for (let i = 0; i < m; i++) total += j[i * n + k] * j[i * n + l];
          hessian[k * n + l] = hessian[l * n + k] = 2 * total;
        }
      }
      return hessian;
    },
    minima,
    minimum: first?.x === undefined ? undefined : { x: first.x, value: first.value },
    source,
  };
}
