import { chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import type { Outcome } from '../objective/outcome.js';
import type { Iteration, Solver } from '../objective/solver.js';
import { solverMeasures } from '../objective/solver-measures.js';
import { Line } from '../search/line.js';
import { UnivariateWatch } from '../search/univariate-failure.js';

export interface UnivariateNewtonOptions {
  /** The fraction of Newton's step that is taken. */
  stepLength?: number;
}

export const univariateNewtonOptions: OptionsOf<UnivariateNewtonOptions> = {
  stepLength: number(1, '(0, ∞)', "the fraction of Newton's step that is taken"),
};

/**
 * Newton's method for f′ = 0 in one variable: x⁺ = x − αf′(x)/f″(x).
 *
 * Near a minimum with f″ > 0 the error obeys e⁺/e² → f‴/2f″. It ends with a named failure where it oscillates,
 * overshoots, or meets negative or vanishing curvature; `guardedNewton` survives these.
 * Source: Newton 1669, Raphson 1690; Ypma 1995.
 *
 * @throws RangeError on a function of more than one variable
 * @example minimize({ value: ([x]) => x ** 4 - x }, [1], univariateNewton())
 */
export function univariateNewton(options: UnivariateNewtonOptions = {}): Solver {
  const { stepLength } = chosen('univariateNewton', univariateNewtonOptions, options);
  return {
    name: 'univariateNewton',
    measures: solverMeasures('curvature'),
    options: { stepLength },
    start(evaluations, at) {
      const curvature = new Float64Array(1);
      return univariate('univariateNewton', evaluations, at, (x) => {
        evaluations.hessian(x, curvature);
        return { curvature: curvature[0], stepLength };
      });
    },
  };
}

/** The iteration that univariate methods share: they differ in where the curvature comes from. */
export function univariate(
  name: string,
  evaluations: Evaluations,
  at: Iterate,
  estimate: (x: Float64Array, gradient: Float64Array) => { curvature: number; stepLength: number },
): Iteration {
  if (evaluations.n !== 1) {
    throw new RangeError(`${name}(problem): expected a function of one variable, got ${evaluations.n}`);
  }
  const line = new Line(evaluations);
  const direction = new Float64Array(1);
  const watch = new UnivariateWatch();
  const measures = { curvature: Number.NaN };
  return {
    measures,
    advance(): Outcome | undefined {
      const [x] = at.x;
      const [slope] = at.gradient;
      const { curvature, stepLength } = estimate(at.x, at.gradient);
      measures.curvature = curvature;
      const refused = watch.curvature(curvature, at);
      if (refused !== undefined) return refused;
      direction[0] = -slope / curvature;
      line.begin(at, direction);
      if (!line.tryStep(stepLength)) {
        return {
          kind: 'nonFinite',
          message: `the function is not finite at x = ${line.x[0]}, where the step leads`,
        };
      }
      line.accept(at);
      return watch.step(x, at.x[0], slope, at.gradient[0]);
    },
  };
}
