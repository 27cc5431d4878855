import { shown } from '../algebra/argument.js';
import { isList, numbers } from '../algebra/numbers.js';
import { ObjectiveError } from '../objective/called.js';
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
 * @throws RangeError when the lengths differ or are 0; TypeError on a model that is none, on a y that is no number, on an
 * x of another type than the first
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
  if (!isList(x)) throw new TypeError(`regression(x): expected a list of observations, got ${shown(x)}`);
  numbers('regression', 'y', y);
  const m = x.length;
  if (m === 0 || y.length !== m) {
    throw new RangeError(`regression(y): expected as many numbers as observations, got ${y.length} for ${m}`);
  }
  sameKind(x);
  const residuals = (b: Float64Array) => {
    const r = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const fitted: unknown = model.value(b, x[i]);
      if (typeof fitted !== 'number') {
        const got = `got ${shown(fitted)} for observation ${i}`;
        throw new ObjectiveError(`regression(model): expected a number of value(b, x), ${got}`, b.slice());
      }
      r[i] = fitted - y[i];
    }
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

/** A gap in the data is told at once: null would count as 0. */
function sameKind(x: ArrayLike<unknown>): void {
  const first = typeof x[0];
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== null && x[i] !== undefined && typeof x[i] === first) continue;
    const expected = i === 0 ? 'observations' : `a ${first} as the first is`;
    throw new TypeError(`regression(x): expected ${expected}, got ${shown(x[i])} at index ${i}`);
  }
}
