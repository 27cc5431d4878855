import { qr } from '../linalg/qr.js';
import { columnLengths } from './column-lengths.js';

/** How well a fit determines its parameters. */
export type Uncertainty =
  | {
      readonly kind: 'determined';
      /** s²(JᵀJ)⁻¹, n×n, row-major. */
      readonly covariance: Float64Array;
      /** √ of its diagonal: the standard deviations of the parameters. */
      readonly standardErrors: Float64Array;
      /** s, the standard deviation of a residual: √(‖r‖²/(m − n)), or 1 where it was given. */
      readonly deviation: number;
      /** m − n. */
      readonly degreesOfFreedom: number;
    }
  | {
      readonly kind: 'undetermined';
      /** Why, in words. */
      readonly message: string;
      /** The numerical rank of J; below n where parameters depend on one another. */
      readonly rank: number;
      /** The parameters that the others make up for, where there are any. */
      readonly dependent: readonly number[];
    };

/** What is asked of a fit: its Jacobian, m×n and row-major, and ½‖r‖² there, both weighted. */
export interface Fit {
  readonly x: Float64Array;
  readonly jacobian: Float64Array;
  readonly value: number;
}

/**
 * The covariance of the parameters of a least-squares fit, s²(JᵀJ)⁻¹, and their standard errors.
 *
 * s² is estimated as ‖r‖²/(m − n), with `absolute` it is 1: the σ given to `leastSquares` then are the deviations of
 * the data, and not only their proportions. By QR of J, its columns of unit length; JᵀJ is not formed.
 * Source: Björck 1996, section 2.8.3.
 *
 * @throws RangeError where the Jacobian is not of x's length
 * @example
 * const line = { value: (b, x) => b[0] + b[1] * x };
 * const fit = leastSquares(regression(line, [0, 1, 2, 3], [1, 3, 5, 8]), [0, 0], levenbergMarquardt());
 * const told = uncertainty(fit);
 * if (told.kind === 'determined') told.standardErrors; // [0.324…, 0.173…]
 */
export function uncertainty(
  { x, jacobian, value }: Fit,
  { absolute = false }: { absolute?: boolean } = {},
): Uncertainty {
  const n = x.length;
  const m = jacobian.length / n;
  if (!Number.isInteger(m)) {
    throw new RangeError(
      `uncertainty(jacobian): expected rows of ${n} numbers, got ${jacobian.length} numbers`,
    );
  }
  const lengths = columnLengths(jacobian, n);
  const scaled = jacobian.map((entry, k) => entry / (lengths[k % n] || 1));
  const factored = qr(scaled, m, n);
  if (factored.kind !== 'factored') {
    return { kind: 'undetermined', message: 'the Jacobian is not finite', rank: 0, dependent: [] };
  }
  const { rank, columns, factors } = factored;
  if (rank < n)
    return deficient(
      rank,
      Array.from(columns.subarray(rank)).sort((i, j) => i - j),
    );
  if (m === n && !absolute) {
    return {
      kind: 'undetermined',
      message: `${m} residuals leave nothing to estimate their deviation from: give sigma, and ask for absolute`,
      rank,
      dependent: [],
    };
  }
  const deviation = absolute ? 1 : Math.sqrt((2 * value) / (m - n));
  const inverse = invertedTriangle(factors, n);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += inverse[i * n + k] * inverse[j * n + k];
      const [p, q] = [columns[i], columns[j]];
      const entry = (((sum * deviation) / lengths[p]) * deviation) / lengths[q];
      covariance[p * n + q] = covariance[q * n + p] = entry;
    }
  }
  const standardErrors = Float64Array.from({ length: n }, (_, j) => Math.sqrt(covariance[j * (n + 1)]));
  return { kind: 'determined', covariance, standardErrors, deviation, degreesOfFreedom: m - n };
}

function deficient(rank: number, dependent: readonly number[]): Uncertainty {
  const names = dependent.map((j) => `x[${j}]`).join(', ');
  return {
    kind: 'undetermined',
    message: `the Jacobian has rank ${rank}: the other parameters make up for any change of ${names}; fix or leave out`,
    rank,
    dependent,
  };
}

/** R⁻¹ of an upper triangular R that lies in the first n rows of n columns. */
function invertedTriangle(r: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / r[j * n + j];
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = i + 1; k <= j; k++) sum += r[i * n + k] * inverse[k * n + j];
      inverse[i * n + j] = -sum / r[i * n + i];
    }
  }
  return inverse;
}
