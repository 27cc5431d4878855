import { mapTree, type Tree, treeDot } from '../algebra/tree.js';
import { conjugateGradients } from '../curvature/conjugate-gradients.js';
import type { LinearOperator } from '../curvature/linear-operator.js';

/** An iterate of conjugate gradients. */
export interface Kept<T> {
  readonly x: Tree<T>;
  readonly iteration: number;
}

/**
 * Minimizes φ(δ) = gᵀδ + ½δᵀBδ by conjugate gradients until they progress no more, and keeps iterates on the way: at
 * 5·1.3ʲ, and the last.
 *
 * The solve ends at iteration i where φ has fallen by less than 5·10⁻⁴ of itself an iteration over the last
 * max(10, i/10).
 * Source: Martens 2010, section 4.4; the iterates kept as in its author's code.
 */
export function keptIterates<T>(
  operator: LinearOperator<T>,
  gradient: Tree<T>,
  start: Tree<T>,
  maxIterations: number,
  preconditioner?: LinearOperator<T>,
): { iterates: readonly Kept<T>[]; iterations: number; finite: boolean } {
  const { algebra } = operator;
  // What conjugate gradients tell is how far φ has fallen below φ(start).
  const phi = [
    algebra.scope(() => {
      const bent = operator.apply(start);
      const half = mapTree(algebra, (b, g) => algebra.combine(0.5, b, 1, g), bent, gradient);
      return algebra.number(treeDot(algebra, half, start));
    }),
  ];
  const iterates: Kept<T>[] = [];
  let next = 5;
  const descent = mapTree(algebra, (g) => algebra.neg(g), gradient);
  const { kind, iterations, x } = conjugateGradients(operator, descent, {
    start,
    tolerance: 1e-12,
    maxIterations,
    ...(preconditioner && { preconditioner }),
    onIterate(at, iteration, decrease) {
      phi.push(phi[0] - decrease);
      if (iteration >= next) {
        iterates.push({ x: mapTree(algebra, (xi) => algebra.copy(xi), at), iteration });
        while (next <= iteration) next *= 1.3;
      }
      const gap = Math.max(10, Math.ceil(iteration / 10));
      const now = phi[iteration];
      return iteration > gap && now < 0 && (now - phi[iteration - gap]) / now < 5e-4 * gap;
    },
  });
  if (iterates.at(-1)?.iteration !== iterations) iterates.push({ x, iteration: iterations });
  return { iterates, iterations, finite: kind !== 'nonFinite' };
}
