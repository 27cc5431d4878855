import { largest } from '../linalg/vector.js';
import type { Box } from '../objective/bounds.js';
import type { Iterate } from '../objective/iterate.js';
import type { Readings } from '../objective/measure.js';
import { type Outcome, stoppedByCaller } from '../objective/outcome.js';
import type { Iteration } from '../objective/solver.js';
import { Limits } from './limits.js';
import type { RunRules } from './run-options.js';

/** Where any run stands. The arrays are the solver's own: copy what should outlive the call. */
export interface RunStep {
  readonly iteration: number;
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** The largest |gᵢ|; with bounds, of the variables that none of them holds. */
  readonly gradientNorm: number;
  /** What the method measured, such as the step length, the damping or the gain ratio. */
  readonly measures: Readings;
}

/**
 * A run driven from outside, one iteration at a time: of a function or of residuals, which differ in what they
 * evaluate, in when they have converged and in what they show.
 */
export abstract class Run<A extends Iterate, S extends RunStep> {
  outcome: Outcome | undefined;
  iteration = 0;
  protected gradientNorm: number;
  private steps: Iteration | undefined;
  private readonly limits: Limits;

  protected constructor(
    protected readonly at: A,
    private readonly options: RunRules<S>,
    /** The bounds, where there are any. */
    protected readonly box?: Box,
  ) {
    this.gradientNorm = this.steepest();
    this.limits = new Limits(options);
  }

  /** The largest |gᵢ| of the variables that no bound holds. */
  private steepest(): number {
    const { at, box } = this;
    return largest(box === undefined ? at.gradient : box.free(at.x, at.gradient));
  }

  /** Whether the iterate is a minimum to the tolerance asked for. */
  protected abstract converged(): Outcome | undefined;

  /** Whether the function has left all bounds; with its iterations used up a run may be told so sooner. */
  protected abstract diverged(spent: boolean): Outcome | undefined;

  /** How often the function or the residuals were asked for. */
  protected abstract evaluated(): number;

  /** Looks once more whether the value is that of x, now that the run is over. */
  protected abstract confirm(): void;

  /** The largest relative error of a derivative by differences. */
  protected abstract differenceError(): number;

  /** What is not finite at the iterate. */
  protected abstract trouble(): string | undefined;

  abstract step(): S;

  protected begin(start: () => Iteration): void {
    const trouble = this.trouble();
    if (trouble === undefined) this.steps = start();
    else {
      this.outcome = {
        kind: 'nonFinite',
        message: `the ${trouble} at the start is not finite: start elsewhere`,
      };
    }
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
    this.limits.begin(this.at);
    const ended = this.steps.advance();
    this.gradientNorm = this.steepest();
    if (ended === undefined) {
      this.iteration++;
      this.report();
    }
    this.outcome = ended === undefined ? this.judge() : (this.converged() ?? this.diverged(false) ?? ended);
    if (this.outcome !== undefined) this.confirm();
  }

  /** What both kinds of run show. */
  protected shown(): RunStep {
    const { x, value, gradient } = this.at;
    const { iteration, gradientNorm } = this;
    return { iteration, x, value, gradient, gradientNorm, measures: this.steps?.measures ?? {} };
  }

  /** What both kinds of run end with: copies. */
  protected ended() {
    const { x, value, gradient } = this.at;
    return {
      x: x.slice(),
      value,
      gradient: gradient.slice(),
      gradientNorm: this.gradientNorm,
      iterations: this.iteration,
      outcome: doubted(this.outcome ?? { kind: 'stopped', message: 'not finished' }, this.differenceError()),
    };
  }

  private report(): void {
    this.options.onStep?.(this.step());
  }

  /** Whether and how the run ends at the iterate. */
  private judge(): Outcome | undefined {
    const beyond = this.diverged(false);
    if (beyond !== undefined) return beyond;
    const trouble = this.trouble();
    if (trouble !== undefined) return { kind: 'nonFinite', message: `the ${trouble} is no longer finite` };
    const converged = this.converged() ?? this.limits.still(this.at);
    if (converged !== undefined) return converged;
    const end = this.limits.spent(this.iteration, this.evaluated());
    return end && (this.diverged(true) ?? this.steps?.trouble?.() ?? end);
  }
}

/** Derivatives by differences that are worse than this are told of. */
const doubtful = 1e-6;

/** The outcome, with a word on derivatives that have few digits. */
function doubted(outcome: Outcome, error: number): Outcome {
  if (!(error > doubtful)) return outcome;
  const digits = `derivatives by differences have errors of up to ${error.toPrecision(1)} of them here`;
  return {
    ...outcome,
    message: `${outcome.message}; ${digits}: give derivatives, or values with more digits`,
  };
}
