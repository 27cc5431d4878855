import { chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Solver } from '../objective/solver.js';
import { descend } from '../search/descend.js';
import { fixedStep } from '../search/fixed-step.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { spectralDirection } from './spectral-newton.js';

export interface PseudoinverseNewtonOptions {
  /** How far to go. */
  search?: LineSearch;
  /** Eigenvalues with |λᵢ| at most this fraction of the largest count as zero. */
  cutoff?: number;
}

export const pseudoinverseNewtonOptions: OptionsOf<PseudoinverseNewtonOptions> = {
  search: searchOption(fixedStep(1)),
  cutoff: number(1e-10, '[0, 1)', 'eigenvalues with |λᵢ| at most this fraction of the largest count as zero'),
};

/**
 * Newton's method with the Moore–Penrose inverse: x⁺ = x − αH⁺g, which moves only within the range of H.
 *
 * The least-norm solution of Hp = −g, or of its least-squares form where there is none. For a regular Hessian
 * it is Newton's method.
 * Source: Penrose 1955; Ben-Israel 1966.
 *
 * @throws RangeError unless 0 ≤ cutoff < 1
 * @example minimize(rosenbrock(2), [-1.2, 1], pseudoinverseNewton())
 */
export function pseudoinverseNewton(options: PseudoinverseNewtonOptions = {}): Solver {
  const { search, cutoff } = chosen('pseudoinverseNewton', pseudoinverseNewtonOptions, options);
  const inverse = (eigenvalue: number, largest: number) =>
    Math.abs(eigenvalue) <= cutoff * largest ? 0 : 1 / eigenvalue;
  return descend(spectralDirection('pseudoinverseNewton', { cutoff }, inverse), search);
}
