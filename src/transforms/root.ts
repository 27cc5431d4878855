import type { Algebra } from '../algebra/algebra.js';

/** Where ε stands when dividing by a root: beside it, √s + ε, or inside it, √(s + ε). Both are in use. */
export type EpsilonPlace = 'beside' | 'inside';

/** √s + ε or √(s + ε). */
export function rootWithEpsilon<T>(algebra: Algebra<T>, s: T, epsilon: number, place: EpsilonPlace): T {
  return place === 'beside' ? algebra.add(algebra.sqrt(s), epsilon) : algebra.sqrt(algebra.add(s, epsilon));
}

/**
 * Where ε stands beside a power of a running mean that is corrected for its bias: √v̂ + ε, √(v̂ + ε), or added before the
 * correction, (√v + ε)/√(1 − β₂ᵗ) or √((v + ε)/(1 − β₂ᵗ)). All are in use.
 */
export type CorrectedEpsilonPlace = EpsilonPlace | 'besideUncorrected' | 'insideUncorrected';

/** v̂ᵖ with ε, v̂ = v/correction. */
export function powerWithEpsilon<T>(
  algebra: Algebra<T>,
  v: T,
  correction: number,
  exponent: number,
  epsilon: number,
  place: CorrectedEpsilonPlace,
): T {
  switch (place) {
    case 'beside':
      return algebra.add(power(algebra, algebra.div(v, correction), exponent), epsilon);
    case 'inside':
      return power(algebra, algebra.add(algebra.div(v, correction), epsilon), exponent);
    case 'besideUncorrected':
      return algebra.div(algebra.add(power(algebra, v, exponent), epsilon), correction ** exponent);
    case 'insideUncorrected':
      return power(algebra, algebra.div(algebra.add(v, epsilon), correction), exponent);
  }
}

/** sᵖ; ½ by `sqrt`, which, unlike a power, is exact on squares and commutes with scaling by 4ᵏ. */
export function power<T>(algebra: Algebra<T>, s: T, exponent: number): T {
  if (exponent === 0.5) return algebra.sqrt(s);
  return exponent === 1 ? s : algebra.pow(s, exponent);
}
