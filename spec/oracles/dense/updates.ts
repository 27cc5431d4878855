import { identity, inner, outer, plus, product, times, transposed } from './matrices.js';

/** The updates of quasi-Newton methods as whole matrices, term by term as they are printed. */

export interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
}

/** (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ: Nocedal and Wright 2006, equation 6.17. */
export function bfgsOfInverse(h: Float64Array, { s, y }: Pair): Float64Array {
  const n = s.length;
  const rho = 1 / inner(y, s);
  const left = plus(identity(n), outer(s, y), -rho);
  return plus(product(product(left, h, n), transposed(left, n), n), outer(s, s), rho);
}

/** B − Bs(Bs)ᵀ/sᵀBs + yyᵀ/yᵀs: the same update of the Hessian, equation 6.19. */
export function bfgsOfHessian(b: Float64Array, { s, y }: Pair): Float64Array {
  const bs = times(b, s);
  return plus(plus(b, outer(bs, bs), -1 / inner(s, bs)), outer(y, y), 1 / inner(y, s));
}

/** (I − ρysᵀ)B(I − ρsyᵀ) + ρyyᵀ: DFP's update of the Hessian, equation 6.13. */
export function dfpOfHessian(b: Float64Array, { s, y }: Pair): Float64Array {
  return bfgsOfInverse(b, { s: y, y: s });
}

/** B + vvᵀ/vᵀs with v = y − Bs, left alone where the quotient is noise. */
export function rankOneOfHessian(b: Float64Array, { s, y }: Pair): Float64Array {
  const v = plus(y, times(b, s), -1);
  const denominator = inner(v, s);
  if (Math.abs(denominator) <= 1e-8 * Math.sqrt(inner(v, v) * inner(s, s))) return b;
  return plus(b, outer(v, v), 1 / denominator);
}

/** J + (y − Js)sᵀ/sᵀs: Broyden 1965, equation 4.5. */
export function broydenOfJacobian(j: Float64Array, { s, y }: Pair): Float64Array {
  const missing = plus(y, times(j, s), -1);
  return plus(j, outer(missing, s), 1 / inner(s, s));
}

/** H after the last `memory` of the pairs, from a multiple of the identity. */
export function limitedInverse(
  n: number,
  pairs: readonly Pair[],
  memory: number,
  gamma: number,
): Float64Array {
  return pairs.slice(-memory).reduce(
    bfgsOfInverse,
    identity(n).map((entry) => gamma * entry),
  );
}

/** γ = sᵀy/yᵀy. */
export function scalingOf({ s, y }: Pair): number {
  return inner(s, y) / inner(y, y);
}
