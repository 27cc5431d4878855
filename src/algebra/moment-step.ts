import type { Algebra, MomentRule, MomentStep } from './algebra.js';
import { mapTree, type Tree } from './tree.js';

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

/** The same for each leaf of trees of one structure. */
export function momentSteps<T>(
  algebra: Algebra<T>,
  mean: Tree<T>,
  square: Tree<T>,
  update: Tree<T>,
  by: MomentRule,
): { readonly [part in keyof MomentStep<T>]: Tree<T> } {
  const steps: MomentStep<T>[] = [];
  const stepped = (m: T, v: T, u: T) => {
    const made = momentStep(algebra, m, v, u, by);
    steps.push(made);
    return made.direction;
  };
  const direction = mapTree(algebra, stepped, mean, square, update);
  const each = (part: 'mean' | 'square') => {
    let next = 0; // leaves are visited in one order
    return mapTree(algebra, (_: T) => steps[next++][part], update);
  };
  return { direction, mean: each('mean'), square: each('square') };
}
