import { shown } from '../algebra/argument.js';
import { largest } from '../linalg/vector.js';
import type { Box } from '../objective/bounds.js';
import type { Iterate } from '../objective/iterate.js';
import type { Readings } from '../objective/measure.js';
import { iterationsSpent, type Outcome, stoppedByCaller } from '../objective/outcome.js';
import type { Iteration } from '../objective/solver.js';

/** What every run may be told. */
export interface RunOptions<S> {
  /** The most iterations. */
  maxIterations?: number;
  /** Ends the run with outcome 'stopped' after the iteration under way. */
  signal?: AbortSignal;
  /** Called at the start and after each iteration. */
  onStep?(step: S): void;
}

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

  protected constructor(
    protected readonly at: A,
    private readonly options: RunOptions<S> & { readonly maxIterations: number },
    /** The bounds, where there are any. */
    protected readonly box?: Box,
  ) {
    this.gradientNorm = this.steepest();
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
    const ended = this.steps.advance();
    this.gradientNorm = this.steepest();
    if (ended === undefined) {
      this.iteration++;
      this.report();
    }
    this.outcome = ended === undefined ? this.judge() : (this.converged() ?? this.diverged(false) ?? ended);
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
      outcome: this.outcome ?? { kind: 'stopped' as const, message: 'not finished' },
    };
  }

  private report(): void {
    this.options.onStep?.(this.step());
  }

  private judge(): Outcome | undefined {
    const beyond = this.diverged(false);
    if (beyond !== undefined) return beyond;
    const trouble = this.trouble();
    if (trouble !== undefined) return { kind: 'nonFinite', message: `the ${trouble} is no longer finite` };
    const converged = this.converged();
    if (converged !== undefined || this.iteration < this.options.maxIterations) return converged;
    return this.diverged(true) ?? this.steps?.trouble?.() ?? iterationsSpent(this.options.maxIterations);
  }
}

/** @throws TypeError unless `onStep` is a function and `signal` an AbortSignal, where they are given */
export function checkCallbacks(
  where: string,
  { signal, onStep }: { signal?: unknown; onStep?: unknown },
): void {
  if (onStep !== undefined && typeof onStep !== 'function') {
    throw new TypeError(`${where}(onStep): expected a function, got ${shown(onStep)}`);
  }
  if (signal !== undefined && typeof (signal as { aborted?: unknown } | null)?.aborted !== 'boolean') {
    throw new TypeError(`${where}(signal): expected an AbortSignal, got ${shown(signal)}`);
  }
}
