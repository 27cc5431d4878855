import { shown } from '../algebra/argument.js';
import type { Residuals } from '../objective/residual-evaluations.js';

/** A curve y = f(x; b) in the parameters b. X is a number, or whatever describes one observation. */
export interface RegressionModel<X = number> {
  /** f(x; b). */
  value(b: Float64Array, x: X): number;
  /** Writes ∂f/∂bⱼ at into[at + j]. */
  gradient?(b: Float64Array, x: X, into: Float64Array, at: number): void;
}

/**
 * The least-squares problem of fitting a curve to observations: rᵢ(b) = f(xᵢ; b) − yᵢ.
 *
 * A model without a gradient leaves the Jacobian to differences.
 *
 * @param x One entry an observation; kept, not copied.
 * @param y As many numbers as x has entries.
 * @throws RangeError when the lengths differ or are 0; TypeError on a model that is none
 * @example
 * const line = { value: (b, x) => b[0] + b[1] * x };
 * leastSquares(regression(line, [0, 1, 2], [1, 3, 5]), [0, 0], levenbergMarquardt());
 */
export function regression<X>(model: RegressionModel<X>, x: ArrayLike<X>, y: ArrayLike<number>): Residuals {
  if (typeof model?.value !== 'function') {
    throw new TypeError(
      `regression(model): expected an object with a function value(b, x), got ${shown(model)}`,
    );
  }
  const m = x.length;
  if (m === 0 || y.length !== m) {
    throw new RangeError(`regression(y): expected as many numbers as observations, got ${y.length} for ${m}`);
  }
  const residuals = (b: Float64Array) => {
    const r = new Float64Array(m);
    for (let i = 0; i < m; i++) r[i] = model.value(b, x[i]) - y[i];
    return r;
  };
  if (model.gradient === undefined) return { residuals };
  const jacobian = (b: Float64Array) => {
    const j = new Float64Array(m * b.length);
    for (let i = 0; i < m; i++) model.gradient?.(b, x[i], j, i * b.length);
    return j;
  };
  return { residuals, jacobian };
}
