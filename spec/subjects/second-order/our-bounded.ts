import {
  type Bounds,
  LeastSquaresRun,
  type LeastSquaresSolver,
  lbfgs,
  lbfgsb,
  levenbergMarquardt,
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
  boundedFit(levenbergMarquardt),
  boundedFit(() => levenbergMarquardt({ scaling: 'diagonal', acceleration: false })),
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
    claims: name === 'lbfgsb' ? [...boundedClaims, '99d'] : boundedClaims,
    run: (problem, start, bounds, steps, derivatives) =>
      bounds === undefined
        ? minimizationTrace(unbounded(), problem, start, undefined, steps, derivatives)
        : minimizationTrace(create(), problem, start, bounds, steps, derivatives),
    scope: (body) => body(),
  };
}

/** A solver for `leastSquares` within bounds as a subject of the same laws. */
export function boundedFit(create: () => LeastSquaresSolver): BoundedSubject {
  const { name, options } = create();
  return {
    kind: 'bounded',
    name: `${name} ${JSON.stringify(options)} (bounded)`,
    method: name,
    unbounded: name,
    epsilon: 2 ** -52,
    claims: [...boundedClaims, '73e'],
    run({ residuals, jacobian }, start, bounds, steps, derivatives) {
      const { evaluated, told } = witness();
      const asked = {
        residuals: told(residuals),
        ...(derivatives === 'given' && { jacobian: told(jacobian) }),
      };
      return traced(
        new LeastSquaresRun(asked, start, create(), {
          gradientTolerance: 0,
          maxIterations: steps,
          ...(bounds && { bounds }),
        }),
        evaluated,
      );
    },
    scope: (body) => body(),
  };
}

/** Notes the points at which functions are asked. */
function witness() {
  const evaluated: Float64Array[] = [];
  const told =
    <A>(of: (x: Float64Array) => A) =>
    (x: Float64Array): A => {
      evaluated.push(x.slice());
      return of(x);
    };
  return { evaluated, told };
}

function traced(run: MinimizationRun | LeastSquaresRun, evaluated: Float64Array[]): BoundedTrace {
  const points = [run.step().x.slice()];
  while (run.outcome === undefined) {
    const before = run.iteration;
    run.advance();
    if (run.iteration > before) points.push(run.step().x.slice());
  }
  return { points, trials: [], evaluated, outcome: run.outcome.kind };
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
  const { evaluated, told } = witness();
  const asked: Minimization = {
    value: told(value),
    ...(derivatives === 'given' && { gradient: told(gradient), hessian: told(hessian) }),
  };
  return traced(
    new MinimizationRun(asked, start, solver, {
      gradientTolerance: 0,
      maxIterations: steps,
      ...(bounds && { bounds }),
    }),
    evaluated,
  );
}
