import type { Algebra, MomentRule, MomentStep } from './algebra.js';

/**
 * One step of Adam's moments, elementwise: m⁺ = β₁m + (1 − β₁)u, v⁺ = β₂v + (1 − β₂)u², and the direction
 * (m⁺/c₁)/(√(v⁺/c₂) + ε).
 */
export function momentStep<T>(algebra: Algebra<T>, m: T, v: T, u: T, by: MomentRule): MomentStep<T> {
  if (algebra.moments !== undefined) return algebra.moments(m, v, u, by);
  const { beta1, beta2, correction1, correction2, epsilon } = by;
  const mean = algebra.combine(beta1, m, 1 - beta1, u);
  const square = algebra.combine(beta2, v, 1 - beta2, algebra.square(u));
  const root = algebra.sqrt(algebra.div(square, correction2));
  const direction = algebra.div(algebra.div(mean, correction1), algebra.add(root, epsilon));
  return { mean, square, direction };
}
