import type { PlotPath } from '../../../dashboard/plot/index.js';
import { type Minimization, minimize, type Solver } from '../../../src/index.js';

/** The path of a method, with how many functions it had called at each of its points. */
export function pathOf(
  label: string,
  problem: Minimization,
  start: ArrayLike<number>,
  solver: Solver,
  steps: number,
): PlotPath {
  const points: number[][] = [];
  const values: number[] = [];
  const calls: number[] = [];
  const { outcome } = minimize(problem, start, solver, {
    maxIterations: steps,
    gradientTolerance: 0,
    onStep({ x, value, evaluations }) {
      points.push(Array.from(x));
      values.push(value);
      calls.push(evaluations.value + evaluations.gradient + evaluations.hessian);
    },
  });
  return { label, points, values, evaluations: calls, outcome };
}
