import { chosen, number, type OptionsOf, workedOut } from '../algebra/option.js';
import { allFinite, type NonFinite, nonFinite } from './finite.js';
import { target } from './matrix-argument.js';
import { multiply } from './product.js';
import { svd } from './svd.js';
import type { NotConverged } from './symmetric-eigen.js';

export interface Pseudoinverse {
  readonly kind: 'inverted';
  /** A⁺, n×m, row-major. */
  readonly inverse: Float64Array;
  /** How many singular values lay above the cut-off. */
  readonly rank: number;
  /** All singular values, the largest first. */
  readonly values: Float64Array;
}

export interface PseudoinverseOptions {
  /** Singular values up to this fraction of the largest count as 0. */
  readonly cutoff?: number;
  readonly into?: Float64Array;
}

export const pseudoinverseOptions: OptionsOf<Pick<PseudoinverseOptions, 'cutoff'>> = {
  cutoff: workedOut(
    number(0, '[0, 1)', 'singular values up to this fraction of the largest count as 0'),
    'max(m, n)·ε',
  ),
};

/**
 * The Moore–Penrose pseudoinverse A⁺ = VΣ⁺Uᵀ of an m×n matrix: A⁺b is the shortest least-squares solution.
 *
 * Source: Penrose 1955; Golub & Kahan 1965.
 *
 * @param a m×n, row-major.
 * @throws RangeError when lengths disagree, or unless 0 ≤ cutoff < 1.
 * @example
 * const result = pseudoinverse(Float64Array.of(2, 0, 0, 0), 2, 2);
 * if (result.kind === 'inverted') result.inverse; // [0.5, 0, 0, 0]
 */
export function pseudoinverse(
  a: Float64Array,
  m: number,
  n: number,
  options: PseudoinverseOptions = {},
): Pseudoinverse | NonFinite | NotConverged {
  const { cutoff = Math.max(m, n) * 2 ** -52 } = chosen('pseudoinverse', pseudoinverseOptions, options, [
    'into',
  ]);
  const decomposed = svd(a, m, n);
  if (decomposed.kind !== 'decomposed') return decomposed;
  const { u, values, v } = decomposed;
  const least = values.length;
  let rank = 0;
  while (rank < least && values[rank] > cutoff * values[0]) rank++;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < least; k++) v[i * least + k] = k < rank ? v[i * least + k] / values[k] : 0;
  }
  const inverse = multiply(v, u, n, least, m, 'right', target('pseudoinverse', options.into, n, m));
  return allFinite(inverse) ? { kind: 'inverted', inverse, rank, values } : nonFinite;
}
