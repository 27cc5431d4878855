import { inRange, shown } from '../algebra/argument.js';
import { choice, chosen, number, type OptionsOf } from '../algebra/option.js';
import { norm } from '../linalg/vector.js';
import { type Bounds, boxOf, startInside } from '../objective/bounds.js';
import type { LeastSquaresSolver } from '../objective/least-squares-solver.js';
import type { Outcome } from '../objective/outcome.js';
import { checkFunctions } from '../objective/plain-problem.js';
import {
  type ResidualCounts,
  ResidualEvaluations,
  type ResidualIterate,
  type Residuals,
} from '../objective/residual-evaluations.js';
import { type RobustLoss, robustLosses, Weighing } from '../objective/robust-loss.js';
import { inRole } from '../objective/role.js';
import { startingPoint } from '../objective/starting-point.js';
import { Run, type RunStep } from './run.js';
import { checkCallbacks, type RunOptions, runLimits, runSeams } from './run-options.js';

export interface LeastSquaresOptions extends RunOptions<LeastSquaresStep> {
  /** Converged when r is this near to orthogonal to every column of J: |Jⱼᵀr| ≤ tolerance·‖Jⱼ‖‖r‖. */
  gradientTolerance?: number;
  /** Between which every point evaluated lies; for solvers that hold bounds, as `levenbergMarquardt` does. */
  bounds?: Bounds;
  /** σ, the standard deviations of the residuals, one for all or one for each: r is divided by them. */
  sigma?: number | ArrayLike<number>;
  /** What a residual costs, r/σ = c√z: c²z for 'squares', or c²ρ(z), which grows more slowly. */
  loss?: RobustLoss;
  /** c, the size from which on a residual over its σ counts as an outlier. */
  lossScale?: number;
}

/** Where a run stands; the value is ½‖r‖². The arrays are the solver's own: copy what should outlive the call. */
export interface LeastSquaresStep extends RunStep {
  readonly residuals: Float64Array;
}

export interface LeastSquaresResult {
  readonly x: Float64Array;
  /** r(x) as the problem answers it, without weights. */
  readonly residuals: Float64Array;
  /** The Jacobian of the weighted residuals, row-major m×n; `uncertainty(result)` makes standard errors of it. */
  readonly jacobian: Float64Array;
  /** ½‖r‖², weighted: ½Σ c²ρ((rᵢ/cσᵢ)²). */
  readonly value: number;
  /** Jᵀr. */
  readonly gradient: Float64Array;
  /** The largest |gᵢ|; with bounds, of the variables that none of them holds. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly evaluations: ResidualCounts;
  /** Whether the Jacobian was the problem's own, or central differences. */
  readonly derivatives: 'given' | 'differences';
  /** The largest relative error of a column by differences, as it was estimated; 0 where the Jacobian was given. */
  readonly differenceError: number;
  readonly outcome: Outcome;
}

/**
 * Minimizes ½‖r(x)‖² over x from a start, which is left unchanged; with weights or a robust loss ½Σ c²ρ((rᵢ/cσᵢ)²).
 *
 * ρ(z) is z for 'squares', 2(√(1 + z) − 1) for 'softL1', z to 1 and 2√z − 1 beyond for 'huber', ln(1 + z) for 'cauchy'
 * and arctan z for 'arctan'.
 *
 * @throws TypeError or RangeError on wrong arguments; ObjectiveError where the user's function throws or returns
 * an array of the wrong length
 * @example
 * const y = [1, 2, 4.1, 7.9];
 * const residuals = ([a, b]) => Float64Array.from(y, (yi, i) => a * Math.exp(b * i) - yi);
 * leastSquares({ residuals }, [1, 0], levenbergMarquardt());
 */
export function leastSquares(
  problem: Residuals,
  start: ArrayLike<number>,
  solver: LeastSquaresSolver,
  options: LeastSquaresOptions = {},
): LeastSquaresResult {
  const run = new LeastSquaresRun(problem, start, solver, options);
  while (run.outcome === undefined) run.advance();
  return run.result();
}

/** A least-squares run that is driven from outside, one iteration at a time. */
export class LeastSquaresRun extends Run<ResidualIterate, LeastSquaresStep> {
  private readonly tolerance: number;
  private readonly evaluations: ResidualEvaluations;

  constructor(
    problem: Residuals,
    start: ArrayLike<number>,
    solver: LeastSquaresSolver,
    options: LeastSquaresOptions = {},
  ) {
    checkFunctions('leastSquares', 'residuals', ['jacobian'], problem);
    inRole('leastSquares', 'solver', 'least-squares solver', solver);
    const limits = chosen('leastSquares', leastSquaresLimits, options, handed);
    checkCallbacks('leastSquares', options);
    const { bounds, sigma, signal, onStep, clock } = options;
    const { gradientTolerance, loss, lossScale, ...rules } = limits;
    const x = startingPoint('leastSquares', start);
    const box = bounds === undefined ? undefined : boxOf('leastSquares', bounds, x.length);
    if (box !== undefined) {
      holdsBounds(solver);
      startInside('leastSquares', x, box, bounds?.outside);
    }
    const evaluations = new ResidualEvaluations(problem, x.length, x, box);
    if (sigma !== undefined || loss !== 'squares') {
      evaluations.weighing = new Weighing(deviations(sigma, evaluations.m), loss, lossScale);
    }
    const at = evaluations.iterate(x);
    super(at, Object.assign(rules, { signal, clock, onStep: onStep?.bind(options) }), box);
    this.tolerance = gradientTolerance;
    this.evaluations = evaluations;
    this.begin(() => solver.startResiduals(evaluations, at));
  }

  step(): LeastSquaresStep {
    return Object.assign(this.shown(), { residuals: this.at.residuals });
  }

  result(): LeastSquaresResult {
    const { counts, derivatives, differenceError } = this.evaluations;
    const { x, residuals, jacobian } = this.at;
    const plain = this.evaluations.weighing === undefined ? residuals : this.evaluations.plain(x);
    return Object.assign(this.ended(), {
      residuals: plain.slice(),
      jacobian: jacobian.slice(),
      evaluations: { ...counts },
      derivatives,
      differenceError,
    });
  }

  protected converged(): Outcome | undefined {
    const { x, residuals, jacobian } = this.at;
    if (!(this.orthogonality() <= this.tolerance)) return undefined;
    const n = x.length;
    const idle = Array.from(x.keys()).filter((j) => jacobian.every((entry, k) => k % n !== j || entry === 0));
    if (idle.length === n && residuals.some((r) => r !== 0)) return independent;
    const variables = idle.map((j) => `x[${j}]`).join(', ');
    return {
      kind: 'converged',
      message:
        `the residuals are orthogonal to the Jacobian to ${this.tolerance}` +
        (idle.length > 0 ? `; they do not depend on ${variables} here` : ''),
      by: 'gradient',
    };
  }

  protected diverged(): undefined {}

  protected evaluated(): number {
    return this.evaluations.counts.residuals;
  }

  protected confirm(): void {
    this.evaluations.confirm(this.at);
  }

  protected differenceError(): number {
    return this.evaluations.differenceError;
  }

  protected trouble(): string | undefined {
    if (!Number.isFinite(this.at.value)) return 'value';
    return this.at.jacobian.every(Number.isFinite) ? undefined : 'Jacobian';
  }

  /** The largest cosine between r and a column of J: 0 at a stationary point, whatever the units. */
  private orthogonality(): number {
    const { box } = this;
    const { x, residuals, jacobian, gradient } = this.at;
    const size = norm(residuals);
    if (size === 0) return 0;
    const n = gradient.length;
    const squares = new Float64Array(n);
    for (let k = 0; k < jacobian.length; ) for (let j = 0; j < n; j++, k++) squares[j] += jacobian[k] ** 2;
    let most = 0;
    for (let j = 0; j < n; j++) {
      if (gradient[j] === 0 || box?.holds(j, x, gradient)) continue;
      const inRange = squares[j] > 1e-290 && squares[j] < 1e290;
      const length = inRange ? Math.sqrt(squares[j]) : norm(jacobian.filter((_, k) => k % n === j));
      const cosine = Math.abs(gradient[j]) / length / size;
      if (!(cosine <= most)) most = cosine;
    }
    return most;
  }
}

/** Nothing says that this is a minimum: a maximum, a start that underflows and a Jacobian never filled look alike. */
const independent: Outcome = {
  kind: 'singular',
  message:
    'the Jacobian is 0 and the residuals are not: nothing depends on x here; start elsewhere, or look at the Jacobian',
};

/** The limits of a run of `leastSquares`. */
export const leastSquaresLimits: OptionsOf<
  Pick<LeastSquaresOptions, 'gradientTolerance' | keyof typeof runLimits | 'loss' | 'lossScale'>
> = {
  gradientTolerance: number(1e-12, '[0, ∞)', 'converged when |Jⱼᵀr| is at most this fraction of ‖Jⱼ‖‖r‖'),
  ...runLimits,
  loss: choice('squares', robustLosses, 'what a residual costs'),
  lossScale: number(1, '(0, ∞)', 'c, the size from which on a residual over its σ counts as an outlier'),
};

/** What is taken as it is. */
const handed = [...runSeams, 'bounds', 'sigma'];

/** @throws TypeError or RangeError naming the first that is no standard deviation */
function deviations(sigma: LeastSquaresOptions['sigma'], m: number): number | Float64Array {
  if (sigma === undefined) return 1;
  if (typeof sigma === 'number') return inRange('leastSquares', 'sigma', sigma, '(0, ∞)');
  if (sigma === null || typeof sigma !== 'object' || sigma.length !== m) {
    const got = typeof sigma === 'object' && sigma?.length !== undefined ? `${sigma.length}` : shown(sigma);
    throw new TypeError(`leastSquares(sigma): expected a number or a list of ${m}, got ${got}`);
  }
  return Float64Array.from(sigma, (one, i) => inRange('leastSquares', `sigma[${i}]`, one, '(0, ∞)'));
}

/** @throws TypeError naming the solvers that hold bounds */
function holdsBounds({ bounded, name }: LeastSquaresSolver): void {
  if (bounded) return;
  throw new TypeError(
    `leastSquares(bounds): expected a solver that holds bounds, levenbergMarquardt(), got ${name}`,
  );
}
