import { inRange, knownOptions, shown, wholeNumber } from '../algebra/argument.js';
import { largest, norm } from '../linalg/vector.js';
import type { LeastSquaresSolver } from '../objective/least-squares-solver.js';
import { iterationsSpent, type Outcome, stoppedByCaller } from '../objective/outcome.js';
import {
  type ResidualCounts,
  ResidualEvaluations,
  type ResidualIterate,
  type Residuals,
  residualGradient,
} from '../objective/residual-evaluations.js';
import type { Iteration } from '../objective/solver.js';
import { startingPoint } from '../objective/starting-point.js';

export interface LeastSquaresOptions {
  /** Converged when r is this near to orthogonal to every column of J: |Jⱼᵀr| ≤ tolerance·‖Jⱼ‖‖r‖. */
  gradientTolerance?: number;
  /** The most iterations. */
  maxIterations?: number;
  /** Ends the run with outcome 'stopped' after the iteration under way. */
  signal?: AbortSignal;
  /** Called at the start and after each iteration. */
  onStep?(step: LeastSquaresStep): void;
}

/** Where a run stands. The arrays are the solver's own: copy what should outlive the call. */
export interface LeastSquaresStep {
  readonly iteration: number;
  readonly x: Float64Array;
  readonly residuals: Float64Array;
  /** ½‖r‖². */
  readonly value: number;
  readonly gradient: Float64Array;
  readonly gradientNorm: number;
  /** What the method measured, such as the damping or the gain ratio. */
  readonly measures: Readonly<Record<string, number>>;
}

export interface LeastSquaresResult {
  readonly x: Float64Array;
  readonly residuals: Float64Array;
  /** ½‖r‖². */
  readonly value: number;
  /** Jᵀr. */
  readonly gradient: Float64Array;
  /** The largest |gᵢ|. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly evaluations: ResidualCounts;
  /** Whether the Jacobian was the problem's own, or central differences. */
  readonly derivatives: 'given' | 'differences';
  readonly outcome: Outcome;
}

/**
 * Minimizes ½‖r(x)‖² over x from a start, which is left unchanged.
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
export class LeastSquaresRun {
  outcome: Outcome | undefined;
  iteration = 0;
  private readonly evaluations: ResidualEvaluations;
  private readonly at: ResidualIterate;
  private readonly steps: Iteration | undefined;
  private readonly tolerance: number;
  private readonly maxIterations: number;

  constructor(
    problem: Residuals,
    start: ArrayLike<number>,
    solver: LeastSquaresSolver,
    private readonly options: LeastSquaresOptions = {},
  ) {
    checkProblem(problem);
    knownOptions('leastSquares', options, ['gradientTolerance', 'maxIterations', 'signal', 'onStep']);
    this.tolerance = inRange(
      'leastSquares',
      'gradientTolerance',
      options.gradientTolerance ?? 1e-12,
      '[0, ∞)',
    );
    this.maxIterations = wholeNumber(
      'leastSquares',
      'maxIterations',
      options.maxIterations ?? 1000,
      '[0, ∞)',
    );
    const x = startingPoint('leastSquares', start);
    this.evaluations = new ResidualEvaluations(problem, x.length, x);
    const { m, n } = this.evaluations;
    const residuals = new Float64Array(m);
    const jacobian = new Float64Array(m * n);
    const gradient = new Float64Array(n);
    this.evaluations.residuals(x, residuals);
    this.evaluations.jacobian(x, jacobian);
    residualGradient(jacobian, residuals, gradient);
    this.at = { x, residuals, jacobian, value: ResidualEvaluations.value(residuals), gradient };
    if (!Number.isFinite(this.at.value) || !jacobian.every(Number.isFinite)) {
      const what = Number.isFinite(this.at.value) ? 'Jacobian' : 'value';
      this.outcome = {
        kind: 'nonFinite',
        message: `the ${what} at the start is not finite: start elsewhere`,
      };
    } else this.steps = solver.startResiduals(this.evaluations, this.at);
    options.onStep?.(this.step());
    this.outcome ??= this.judge();
  }

  /** Takes one iteration; afterwards `outcome` is set if it was the last. */
  advance(): void {
    if (this.outcome !== undefined || this.steps === undefined) return;
    if (this.options.signal?.aborted) {
      this.outcome = stoppedByCaller;
      return;
    }
    const ended = this.steps.advance();
    if (ended === undefined) {
      this.iteration++;
      this.options.onStep?.(this.step());
    }
    this.outcome = ended ?? this.judge();
  }

  step(): LeastSquaresStep {
    const { x, residuals, value, gradient } = this.at;
    const { iteration } = this;
    return {
      iteration,
      x,
      residuals,
      value,
      gradient,
      gradientNorm: largest(gradient),
      measures: this.steps?.measures ?? {},
    };
  }

  result(): LeastSquaresResult {
    const { x, residuals, value, gradient } = this.at;
    return {
      x: x.slice(),
      residuals: residuals.slice(),
      value,
      gradient: gradient.slice(),
      gradientNorm: largest(gradient),
      iterations: this.iteration,
      evaluations: { ...this.evaluations.counts },
      derivatives: this.evaluations.derivatives,
      outcome: this.outcome ?? { kind: 'stopped', message: 'not finished' },
    };
  }

  private judge(): Outcome | undefined {
    if (!Number.isFinite(this.at.value))
      return { kind: 'nonFinite', message: 'the value is no longer finite' };
    if (this.orthogonality() <= this.tolerance) {
      return {
        kind: 'converged',
        message: `the residuals are orthogonal to the Jacobian to ${this.tolerance}`,
      };
    }
    if (this.iteration < this.maxIterations) return undefined;
    return iterationsSpent(this.maxIterations);
  }

  /** The largest cosine between r and a column of J: 0 at a stationary point, whatever the units. */
  private orthogonality(): number {
    const { residuals, jacobian, gradient } = this.at;
    const size = norm(residuals);
    if (size === 0) return 0;
    const n = gradient.length;
    const squares = new Float64Array(n);
    for (let k = 0; k < jacobian.length; ) for (let j = 0; j < n; j++, k++) squares[j] += jacobian[k] ** 2;
    let most = 0;
    for (let j = 0; j < n; j++) {
      if (gradient[j] === 0) continue;
      const inRange = squares[j] > 1e-290 && squares[j] < 1e290;
      const length = inRange ? Math.sqrt(squares[j]) : norm(jacobian.filter((_, k) => k % n === j));
      const cosine = Math.abs(gradient[j]) / length / size;
      if (!(cosine <= most)) most = cosine;
    }
    return most;
  }
}

function checkProblem(problem: Residuals): void {
  if (typeof problem?.residuals !== 'function') {
    throw new TypeError(
      `leastSquares(problem): expected an object with a function residuals(x), got ${shown(problem)}`,
    );
  }
  if (problem.jacobian !== undefined && typeof problem.jacobian !== 'function') {
    throw new TypeError(
      `leastSquares(problem.jacobian): expected a function or nothing, got ${shown(problem.jacobian)}`,
    );
  }
}
