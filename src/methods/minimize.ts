import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { largest } from '../linalg/vector.js';
import { type Bounds, boxOf, startInside } from '../objective/bounds.js';
import {
  type EvaluationCounts,
  Evaluations,
  type Minimization,
  type Observer,
} from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import type { Outcome } from '../objective/outcome.js';
import { lengthAt } from '../objective/own-units.js';
import { checkFunctions } from '../objective/plain-problem.js';
import { inRole } from '../objective/role.js';
import type { Solver } from '../objective/solver.js';
import { startingPoint } from '../objective/starting-point.js';
import { Run, type RunStep } from './run.js';
import { checkCallbacks, type RunOptions, runLimits, runSeams } from './run-options.js';

export interface MinimizeOptions extends RunOptions<MinimizeStep> {
  /** Converged when the largest |gᵢ| is at most this; with bounds, of the variables that none of them holds. */
  gradientTolerance?: number;
  /** Between which every point evaluated lies; for solvers that hold bounds, such as `lbfgsb`. */
  bounds?: Bounds;
  /** Told of trial points and models while they are made; changes nothing. */
  observer?: Observer;
}

/** Where a run stands. The arrays are the solver's own: copy what should outlive the call. */
export interface MinimizeStep extends RunStep {
  /** Calls so far; goes on counting, as the arrays go on changing. */
  readonly evaluations: Readonly<EvaluationCounts>;
}

export interface MinimizeResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** The largest |gᵢ|; with bounds, of the variables that none of them holds. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly evaluations: EvaluationCounts;
  /** Which derivatives were the problem's own, and which central differences. */
  readonly derivatives: Evaluations['derivatives'];
  /** The largest relative error of a derivative by differences, as it was estimated; 0 where all were given. */
  readonly differenceError: number;
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

/** A value below this multiple of the start's level counts as a function unbounded below. */
const bottomless = 1e30;

/** A minimization that is driven from outside, one iteration at a time. */
export class MinimizationRun extends Run<Iterate, MinimizeStep> {
  private readonly tolerance: number;
  private readonly evaluations: Evaluations;
  private readonly startValue: number;
  /** What counts as a change of f that matters: at the start, |f| and how far a step as long as the start would take it. */
  private readonly level: number;

  constructor(
    problem: Minimization,
    start: ArrayLike<number>,
    solver: Solver,
    options: MinimizeOptions = {},
  ) {
    checkFunctions('minimize', 'value', ['gradient', 'hessian', 'hessianVectorProduct'], problem);
    inRole('minimize', 'solver', 'solver', solver);
    const limits = chosen('minimize', minimizeLimits, options, handed);
    checkCallbacks('minimize', options);
    const { bounds, signal, onStep, clock, observer } = options;
    const x = startingPoint('minimize', start);
    const box = bounds === undefined ? undefined : boxOf('minimize', bounds, x.length);
    if (box !== undefined) {
      holdsBounds(solver);
      startInside('minimize', x, box, bounds?.outside);
    }
    const evaluations = new Evaluations(problem, x.length, box);
    evaluations.observer = observer;
    const at = { x, value: evaluations.value(x), gradient: new Float64Array(x.length) };
    evaluations.gradient(x, at.gradient);
    super(at, Object.assign(limits, { signal, clock, onStep: onStep?.bind(options) }), box);
    this.tolerance = limits.gradientTolerance;
    this.evaluations = evaluations;
    this.startValue = at.value;
    this.level = Math.abs(at.value) + largest(at.gradient) * (lengthAt(at) || 1);
    this.begin(() => solver.start(evaluations, at));
  }

  step(): MinimizeStep {
    return Object.assign(this.shown(), { evaluations: this.evaluations.counts });
  }

  result(): MinimizeResult {
    const { counts, derivatives, differenceError } = this.evaluations;
    return Object.assign(this.ended(), { evaluations: { ...counts }, derivatives, differenceError });
  }

  protected converged(): Outcome | undefined {
    if (!(this.gradientNorm <= this.tolerance)) return undefined;
    if (this.iteration === 0 && this.gradientNorm === 0) return flat;
    return {
      kind: 'converged',
      message: `the largest gradient entry is at most ${this.tolerance}`,
      by: 'gradient',
    };
  }

  protected diverged(spent: boolean): Outcome | undefined {
    const { startValue, level } = this;
    const { value } = this.at;
    if (value < -bottomless * level) {
      return {
        kind: 'diverged',
        message: `the value fell to ${value.toPrecision(3)}: it seems unbounded below`,
      };
    }
    if (!spent || !(value - startValue > grown * level)) return undefined;
    const [from, to] = [startValue, value].map((one) => one.toPrecision(3));
    return { kind: 'diverged', message: `the value grew from ${from} to ${to}: take shorter steps` };
  }

  protected evaluated(): number {
    return this.evaluations.counts.value;
  }

  protected confirm(): void {
    this.evaluations.confirm(this.at);
  }

  protected differenceError(): number {
    return this.evaluations.differenceError;
  }

  protected trouble(): string | undefined {
    if (!Number.isFinite(this.at.value)) return 'value';
    return Number.isFinite(this.gradientNorm) ? undefined : 'gradient';
  }
}

const flat: Outcome = {
  kind: 'converged',
  message: 'the gradient is 0 at the start: a minimum, a saddle, or a function that does not depend on x',
  by: 'gradient',
};

/** The limits of a run of `minimize`. */
export const minimizeLimits: OptionsOf<Pick<MinimizeOptions, 'gradientTolerance' | keyof typeof runLimits>> =
  {
    gradientTolerance: number(1e-8, '[0, ∞)', 'converged when the largest |gᵢ| is at most this'),
    ...runLimits,
  };

/** What is taken as it is. */
const handed = [...runSeams, 'bounds', 'observer'];

/** @throws TypeError naming the solvers that hold bounds */
function holdsBounds({ bounded, name }: Solver): void {
  if (bounded) return;
  throw new TypeError(
    `minimize(bounds): expected a solver that holds bounds, lbfgsb() or projectedNewton(), got ${name}`,
  );
}
