import type { Algebra } from '../algebra/algebra.js';

/** Where ε stands when dividing by a root: beside it, √s + ε, or inside it, √(s + ε). Both are in use. */
export type EpsilonPlace = 'beside' | 'inside';

/** √s + ε or √(s + ε). */
export function rootWithEpsilon<T>(algebra: Algebra<T>, s: T, epsilon: number, place: EpsilonPlace): T {
  return place === 'beside' ? algebra.add(algebra.sqrt(s), epsilon) : algebra.sqrt(algebra.add(s, epsilon));
}

/** sᵖ; ½ by `sqrt`, which, unlike a power, is exact on squares and commutes with scaling by 4ᵏ. */
export function power<T>(algebra: Algebra<T>, s: T, exponent: number): T {
  if (exponent === 0.5) return algebra.sqrt(s);
  return exponent === 1 ? s : algebra.pow(s, exponent);
}
