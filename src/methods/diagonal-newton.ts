import { chosen, type OptionsOf } from '../algebra/option.js';
import type { Solver } from '../objective/solver.js';
import { descend } from '../search/descend.js';
import { fixedStep } from '../search/fixed-step.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { hessianDirection, hessianSingular } from './hessian-direction.js';

export interface DiagonalNewtonOptions {
  /** How far to go. */
  search?: LineSearch;
}

export const diagonalNewtonOptions: OptionsOf<DiagonalNewtonOptions> = { search: searchOption(fixedStep(1)) };

/**
 * Newton's method with the diagonal of the Hessian alone: x⁺ = x − αg/diag H, entry by entry.
 *
 * It is Newton's method where H is diagonal, and not otherwise.
 * Source: Becker and LeCun 1988.
 *
 * @example minimize(rosenbrock(2), [-1.2, 1], diagonalNewton({ search: fixedStep(0.5) }))
 */
export function diagonalNewton(options: DiagonalNewtonOptions = {}): Solver {
  const { search } = chosen('diagonalNewton', diagonalNewtonOptions, options);
  const diagonal = (hessian: Float64Array, n: number, i: number) => hessian[i * (n + 1)];
  return descend(byEntry('diagonalNewton', diagonal), search);
}

/**
 * The diagonal Newton method as a widely read tutorial has it: x⁺ = x − αg/(H·1), the row sums of the Hessian,
 * which are not its diagonal unless H is diagonal. Kept to show the difference; use `diagonalNewton`.
 */
export function diagonalNewtonAsPublished(options: DiagonalNewtonOptions = {}): Solver {
  const { search } = chosen('diagonalNewtonAsPublished', diagonalNewtonOptions, options);
  const rowSum = (hessian: Float64Array, n: number, i: number) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += hessian[i * n + j];
    return sum;
  };
  return descend(byEntry('diagonalNewtonAsPublished', rowSum), search);
}

function byEntry(name: string, curvature: (hessian: Float64Array, n: number, i: number) => number) {
  return hessianDirection(name, {}, (n) => (hessian, gradient, p) => {
    for (let i = 0; i < n; i++) {
      const divisor = curvature(hessian, n, i);
      if (divisor === 0) return hessianSingular;
      p[i] = -gradient[i] / divisor;
    }
    return undefined;
  });
}
