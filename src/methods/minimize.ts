import { inRange, knownOptions, shown, wholeNumber } from '../algebra/argument.js';
import { largest } from '../linalg/vector.js';
import {
  type EvaluationCounts,
  Evaluations,
  type Minimization,
  type Observer,
} from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import { iterationsSpent, type Outcome, stoppedByCaller } from '../objective/outcome.js';
import type { Iteration, Solver } from '../objective/solver.js';
import { startingPoint } from '../objective/starting-point.js';

export interface MinimizeOptions {
  /** Converged when the largest |gᵢ| is at most this. */
  gradientTolerance?: number;
  /** The most iterations. */
  maxIterations?: number;
  /** Ends the run with outcome 'stopped' after the iteration under way. */
  signal?: AbortSignal;
  /** Called at the start and after each iteration. */
  onStep?(step: MinimizeStep): void;
  /** Told of trial points and models while they are made; changes nothing. */
  observer?: Observer;
}

/** Where a run stands. The arrays are the solver's own: copy what should outlive the call. */
export interface MinimizeStep {
  readonly iteration: number;
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly gradientNorm: number;
  /** What the method measured, such as the step length, the damping or the gain ratio. */
  readonly measures: Readonly<Record<string, number>>;
  /** Calls so far; goes on counting, as the arrays go on changing. */
  readonly evaluations: Readonly<EvaluationCounts>;
}

export interface MinimizeResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** The largest |gᵢ|. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly evaluations: EvaluationCounts;
  /** Which derivatives were the problem's own, and which central differences. */
  readonly derivatives: Evaluations['derivatives'];
  readonly outcome: Outcome;
}

/**
 * Minimizes a function of n variables from a start, which is left unchanged.
 *
 * Numerical trouble ends the run with an outcome and the best point known. The result is never NaN and called
 * converged.
 *
 * @throws TypeError or RangeError on wrong arguments; ObjectiveError where the user's function throws or returns
 * an array of the wrong length
 * @example
 * const { x, outcome } = minimize({ value: (x) => (x[0] - 1) ** 2 }, [5], bfgs());
 */
export function minimize(
  problem: Minimization,
  start: ArrayLike<number>,
  solver: Solver,
  options: MinimizeOptions = {},
): MinimizeResult {
  const run = new MinimizationRun(problem, start, solver, options);
  while (run.outcome === undefined) run.advance();
  return run.result();
}

/** A run whose value has grown by this factor when its iterations are used up has diverged. */
const grown = 1e3;

/** A value below this multiple of the start's counts as a function unbounded below. */
const bottomless = 1e30;

/** A minimization that is driven from outside, one iteration at a time. */
export class MinimizationRun {
  outcome: Outcome | undefined;
  iteration = 0;
  private readonly evaluations: Evaluations;
  private readonly at: Iterate;
  private readonly steps: Iteration | undefined;
  private readonly tolerance: number;
  private readonly maxIterations: number;
  private readonly startValue: number;
  private gradientNorm: number;

  constructor(
    problem: Minimization,
    start: ArrayLike<number>,
    solver: Solver,
    private readonly options: MinimizeOptions = {},
  ) {
    checkProblem(problem);
    knownOptions('minimize', options, minimizeOptions);
    this.tolerance = inRange('minimize', 'gradientTolerance', options.gradientTolerance ?? 1e-8, '[0, ∞)');
    this.maxIterations = wholeNumber('minimize', 'maxIterations', options.maxIterations ?? 1000, '[0, ∞)');
    const x = startingPoint('minimize', start);
    this.evaluations = new Evaluations(problem, x.length);
    this.evaluations.observer = options.observer;
    this.at = { x, value: this.evaluations.value(x), gradient: new Float64Array(x.length) };
    this.startValue = this.at.value;
    this.evaluations.gradient(x, this.at.gradient);
    this.gradientNorm = largest(this.at.gradient);
    if (!Number.isFinite(this.at.value) || !Number.isFinite(this.gradientNorm)) {
      this.outcome = {
        kind: 'nonFinite',
        message: `the ${Number.isFinite(this.at.value) ? 'gradient' : 'value'} at the start is not finite: start elsewhere`,
      };
    } else this.steps = solver.start(this.evaluations, this.at);
    this.report();
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
    this.gradientNorm = largest(this.at.gradient);
    if (ended === undefined) {
      this.iteration++;
      this.report();
    }
    this.outcome = ended === undefined ? this.judge() : (this.flat() ?? this.bottomless() ?? ended);
  }

  step(): MinimizeStep {
    const { x, value, gradient } = this.at;
    const { iteration, gradientNorm } = this;
    const measures = this.steps?.measures ?? {};
    return { iteration, x, value, gradient, gradientNorm, measures, evaluations: this.evaluations.counts };
  }

  result(): MinimizeResult {
    const { x, value, gradient } = this.at;
    return {
      x: x.slice(),
      value,
      gradient: gradient.slice(),
      gradientNorm: this.gradientNorm,
      iterations: this.iteration,
      evaluations: { ...this.evaluations.counts },
      derivatives: this.evaluations.derivatives,
      outcome: this.outcome ?? { kind: 'stopped', message: 'not finished' },
    };
  }

  private report(): void {
    this.options.onStep?.(this.step());
  }

  private flat(): Outcome | undefined {
    if (!(this.gradientNorm <= this.tolerance)) return undefined;
    return { kind: 'converged', message: `the largest gradient entry is at most ${this.tolerance}` };
  }

  private bottomless(): Outcome | undefined {
    if (!(this.at.value < -bottomless * (1 + Math.abs(this.startValue)))) return undefined;
    return {
      kind: 'diverged',
      message: `the value fell to ${this.at.value.toPrecision(3)}: it seems unbounded below`,
    };
  }

  private judge(): Outcome | undefined {
    const known = this.flat() ?? this.bottomless();
    if (known !== undefined) return known;
    if (!Number.isFinite(this.at.value) || !Number.isFinite(this.gradientNorm)) {
      return { kind: 'nonFinite', message: 'the value or gradient is no longer finite' };
    }
    if (this.iteration < this.maxIterations) return undefined;
    if (this.at.value - this.startValue > grown * (1 + Math.abs(this.startValue))) {
      const [from, to] = [this.startValue, this.at.value].map((value) => value.toPrecision(3));
      return { kind: 'diverged', message: `the value grew from ${from} to ${to}: take shorter steps` };
    }
    return iterationsSpent(this.maxIterations);
  }
}

const minimizeOptions: readonly (keyof MinimizeOptions)[] = [
  'gradientTolerance',
  'maxIterations',
  'signal',
  'onStep',
  'observer',
];

function checkProblem(problem: Minimization): void {
  if (typeof problem?.value !== 'function') {
    throw new TypeError(
      `minimize(problem): expected an object with a function value(x), got ${shown(problem)}`,
    );
  }
  for (const name of ['gradient', 'hessian', 'hessianVectorProduct'] as const) {
    const given = problem[name];
    if (given !== undefined && typeof given !== 'function') {
      throw new TypeError(`minimize(problem.${name}): expected a function or nothing, got ${shown(given)}`);
    }
  }
}
