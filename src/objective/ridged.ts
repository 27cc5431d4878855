import type { Algebra } from '../algebra/algebra.js';
import { mapTree, type Tree, treeDot } from '../algebra/tree.js';
import { damped } from '../curvature/combinations.js';
import type { Problem } from './problem.js';

/**
 * f(x) + ½c‖x‖²: a problem with a ridge over all its parameters, c known to its gradient, its curvature and its
 * {@link Linearization}.
 *
 * @param weight c ≥ 0
 * @throws RangeError unless c is a finite number ≥ 0
 * @example ridged(classification(mlp([784, 128, 10])), 1e-5)
 */
export function ridged<T, B>(problem: Problem<T, B>, weight: number): Problem<T, B> {
  if (!(weight >= 0 && Number.isFinite(weight))) {
    throw new RangeError(`ridged(weight): expected a finite number ≥ 0, got ${weight}`);
  }
  if (weight === 0) return problem;
  const { algebra, curvature, linearized } = problem;
  return {
    ...problem,
    value: (x, batch) => algebra.scope(() => algebra.add(problem.value(x, batch), half(algebra, x, weight))),
    valueAndGradient: (x, batch, keep) =>
      algebra.scope(() => {
        const { value, gradient, ...kept } = problem.valueAndGradient(x, batch, keep);
        return {
          ...kept,
          value: algebra.add(value, half(algebra, x, weight)),
          gradient: mapTree(algebra, (g, leaf) => algebra.combine(1, g, weight, leaf), gradient, x),
        };
      }),
    ...(curvature && {
      curvature: (kind, x, batch) => damped(curvature.call(problem, kind, x, batch), weight, x),
    }),
    ...(linearized && {
      linearized(x: Tree<T>, batch: B) {
        const here = linearized.call(problem, x, batch);
        return { ...here, ridge: (here.ridge ?? 0) + weight };
      },
    }),
  };
}

/** ½c‖x‖². */
function half<T>(algebra: Algebra<T>, x: Tree<T>, weight: number): T {
  return algebra.scope(() => algebra.mul(treeDot(algebra, x, x), weight / 2));
}
