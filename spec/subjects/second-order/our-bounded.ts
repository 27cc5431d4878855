import {
  type Bounds,
  lbfgs,
  lbfgsb,
  type Minimization,
  MinimizationRun,
  modifiedNewton,
  projectedNewton,
  type Solver,
} from '../../../src/index.js';
import type { BoundedSubject, BoundedTrace, HalfSquares } from './subject.js';

export const boundedClaims = ['98', '99', '100', '73c'];

/** Our solvers within bounds as subjects. */
export const ourBounded: readonly BoundedSubject[] = [
  boundedSubject(lbfgsb, lbfgs),
  boundedSubject(
    () => lbfgsb({ memory: 3 }),
    () => lbfgs({ memory: 3 }),
  ),
  boundedSubject(projectedNewton, modifiedNewton),
];

/** A solver for `minimize` within bounds as a subject of the laws, with the one whose steps it takes without bounds. */
export function boundedSubject(create: () => Solver, unbounded: () => Solver): BoundedSubject {
  const { name, options } = create();
  return {
    kind: 'bounded',
    name: `${name} ${JSON.stringify(options)} (bounded)`,
    method: name,
    unbounded: unbounded().name,
    epsilon: 2 ** -52,
    claims: boundedClaims,
    run: (problem, start, bounds, steps, derivatives) =>
      bounds === undefined
        ? minimizationTrace(unbounded(), problem, start, undefined, steps, derivatives)
        : minimizationTrace(create(), problem, start, bounds, steps, derivatives),
    scope: (body) => body(),
  };
}

/** A run of `minimize` with every point at which the function was asked for anything. */
export function minimizationTrace(
  solver: Solver,
  { value, gradient, hessian }: HalfSquares,
  start: ArrayLike<number>,
  bounds: Bounds | undefined,
  steps: number,
  derivatives: 'given' | 'differences',
): BoundedTrace {
  const evaluated: Float64Array[] = [];
  const told =
    <A>(of: (x: Float64Array) => A) =>
    (x: Float64Array): A => {
      evaluated.push(x.slice());
      return of(x);
    };
  const asked: Minimization = {
    value: told(value),
    ...(derivatives === 'given' && { gradient: told(gradient), hessian: told(hessian) }),
  };
  const run = new MinimizationRun(asked, start, solver, {
    gradientTolerance: 0,
    maxIterations: steps,
    ...(bounds && { bounds }),
  });
  const points = [run.step().x.slice()];
  while (run.outcome === undefined) {
    const before = run.iteration;
    run.advance();
    if (run.iteration > before) points.push(run.step().x.slice());
  }
  return { points, trials: [], evaluated, outcome: run.outcome.kind };
}
