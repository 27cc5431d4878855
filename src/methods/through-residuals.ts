import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import type { LeastSquaresSolver } from '../objective/least-squares-solver.js';
import { checkFunctions } from '../objective/plain-problem.js';
import {
  ResidualEvaluations,
  type ResidualIterate,
  type Residuals,
} from '../objective/residual-evaluations.js';
import { inRole } from '../objective/role.js';
import type { Iteration, Solver } from '../objective/solver.js';

/**
 * A least-squares solver as one for `minimize`, on a function f = Σ rᵢ² whose residuals are known.
 *
 * The solver sees r and its Jacobian J alone; value ‖r‖² and gradient 2Jᵀr follow from them. An evaluation of r
 * counts as one of the value, one of J as one of the gradient.
 *
 * @throws TypeError on wrong arguments; RangeError, when a run starts, where the function is not Σ rᵢ² there
 * @example
 * const problem = booth();
 * minimize(problem, problem.start, throughResiduals(levenbergMarquardt(), problem));
 */
export function throughResiduals(solver: LeastSquaresSolver, problem: Residuals): Solver {
  inRole('throughResiduals', 'solver', 'least-squares solver', solver);
  checkFunctions('throughResiduals', 'residuals', ['jacobian'], problem);
  return {
    name: solver.name,
    options: solver.options,
    ...(solver.measures && { measures: solver.measures }),
    start: (evaluations, at) => new ResidualIteration(solver, problem, evaluations, at),
  };
}

class ResidualIteration implements Iteration {
  private readonly residuals: ResidualEvaluations;
  private readonly inner: ResidualIterate;
  private readonly steps: Iteration;

  constructor(
    solver: LeastSquaresSolver,
    problem: Residuals,
    private readonly evaluations: Evaluations,
    private readonly at: Iterate,
  ) {
    const x = at.x.slice();
    this.residuals = new ResidualEvaluations(counted(problem, evaluations), x.length, x);
    this.inner = this.residuals.iterate(x);
    const sum = 2 * this.inner.value;
    if (!(Math.abs(sum - at.value) <= Math.sqrt(Number.EPSILON) * at.value)) {
      throw new RangeError(
        `throughResiduals(problem): expected value(x) to be the sum of the squared residuals, ${sum}, got ${at.value}`,
      );
    }
    this.inner.value = at.value / 2;
    this.inner.gradient = at.gradient.map((g) => g / 2);
    this.steps = solver.startResiduals(this.residuals, this.inner);
  }

  get measures() {
    return this.steps.measures;
  }

  advance() {
    this.tellModel();
    const outcome = this.steps.advance();
    const { at, inner } = this;
    at.x.set(inner.x);
    at.value = 2 * inner.value;
    for (let i = 0; i < at.gradient.length; i++) at.gradient[i] = 2 * inner.gradient[i];
    return outcome;
  }

  /** The Gauss–Newton model, H ≈ 2JᵀJ. */
  private tellModel(): void {
    const { observer } = this.evaluations;
    if (observer?.model === undefined) return;
    const { m, n } = this.residuals;
    const { jacobian } = this.inner;
    const hessian = new Float64Array(n * n);
    for (let k = 0; k < n; k++) {
      for (let l = 0; l < n; l++) {
        for (let i = 0; i < m; i++) hessian[k * n + l] += 2 * jacobian[i * n + k] * jacobian[i * n + l];
      }
    }
    observer.model(this.at.x, hessian);
  }
}

/** The residuals, each call counted where it is made. */
function counted(problem: Residuals, { counts }: Evaluations): Residuals {
  const { jacobian } = problem;
  return {
    residuals(x) {
      counts.value++;
      return problem.residuals(x);
    },
    ...(jacobian !== undefined && {
      jacobian(x: Float64Array) {
        counts.gradient++;
        return jacobian.call(problem, x);
      },
    }),
  };
}
