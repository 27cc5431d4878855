import type { BoundedSubject, HalfSquares } from '../../subjects/second-order/subject.js';
import { inner } from '../dense/matrices.js';

/** l and u as lists, −∞ and ∞ where there are none. */
export interface Sides {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** The nearest point to x in a box. */
export function nearest(x: ArrayLike<number>, { lower, upper }: Sides): Float64Array {
  return Float64Array.from(x, (xi, i) => Math.min(upper[i], Math.max(lower[i], xi)));
}

/** A method in a box as a first reader would write it: a start, and the next point from the last. */
export function naiveBounded(
  named: { name: string; claims: readonly string[] },
  step: (
    x: Float64Array,
    problem: HalfSquares,
    sides: Sides,
    note: (x: Float64Array) => void,
  ) => Float64Array,
  start: (x: Float64Array, sides: Sides) => Float64Array = (x) => x,
): BoundedSubject {
  return {
    ...named,
    kind: 'bounded',
    method: 'projectedGradient',
    unbounded: 'steepestDescent',
    epsilon: 2 ** -52,
    run(problem, from, bounds, steps) {
      const open = (side: number) => Float64Array.from(from, () => side);
      const sides = {
        lower: (bounds?.lower as ArrayLike<number>) ?? open(Number.NEGATIVE_INFINITY),
        upper: (bounds?.upper as ArrayLike<number>) ?? open(Number.POSITIVE_INFINITY),
      };
      const points = [start(Float64Array.from(from), sides)];
      const evaluated = [points[0]];
      for (let k = 0; k < steps; k++) {
        points.push(step(points[k], problem, sides, (x) => evaluated.push(x)));
        evaluated.push(points[k + 1]);
        if (points[k + 1].every((xi, i) => xi === points[k][i])) break; // it has come to rest
      }
      return { points, trials: [], evaluated };
    },
    scope: (body) => body(),
  };
}

/** The projected gradient x⁺ = P(x − g/‖H‖), 100 steps a step. */
export const projectedGradientOracle = naiveBounded(
  { name: 'projected gradient (naive)', claims: ['98', '99', '100'] },
  (x, problem, sides) => {
    let at = x;
    for (let k = 0; k < 100; k++) {
      const h = problem.hessian(at);
      const size = Math.sqrt(inner(h, h)) || 1;
      at = nearest(
        problem.gradient(at).map((g, i) => at[i] - g / size),
        sides,
      );
    }
    return at;
  },
);
