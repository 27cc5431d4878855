import type { PlotPath } from '../../../dashboard/plot/index.js';
import { type Minimization, minimize, type Solver } from '../../../src/index.js';

/** The path of a method, with how many functions it had called at each of its points. */
export function pathOf(
  label: string,
  problem: Minimization,
  start: readonly number[],
  solver: Solver,
  steps: number,
): PlotPath {
  let calls = 0;
  const counted = (of: ((x: Float64Array) => Float64Array) | undefined) =>
    of &&
    ((x: Float64Array) => {
      calls++;
      return of(x);
    });
  const points: number[][] = [];
  const values: number[] = [];
  const evaluations: number[] = [];
  const { outcome } = minimize(
    {
      value(x) {
        calls++;
        return problem.value(x);
      },
      gradient: counted(problem.gradient?.bind(problem)),
      hessian: counted(problem.hessian?.bind(problem)),
    },
    start,
    solver,
    {
      maxIterations: steps,
      gradientTolerance: 0,
      onStep({ x, value }) {
        points.push(Array.from(x));
        values.push(value);
        evaluations.push(calls);
      },
    },
  );
  return { label, points, values, evaluations, outcome };
}
