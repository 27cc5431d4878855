import { shown } from '../algebra/argument.js';
import { number, type OptionsOf, whole } from '../algebra/option.js';
import { largest } from '../linalg/vector.js';
import type { Box } from '../objective/bounds.js';
import type { Iterate } from '../objective/iterate.js';
import type { Readings } from '../objective/measure.js';
import { type Outcome, spent, stoppedByCaller } from '../objective/outcome.js';
import type { Iteration } from '../objective/solver.js';

/** What every run may be told. */
export interface RunOptions<S> {
  /** The most iterations. */
  maxIterations?: number;
  /** The most evaluations of the function or the residuals, counted after each iteration; differences count. */
  maxEvaluations?: number;
  /** The most seconds, looked at after each iteration. Without it no clock is read, and a run repeats bit for bit. */
  maxSeconds?: number;
  /** Converged when an iteration changes the value by at most this fraction of it; 0 never. */
  valueTolerance?: number;
  /** Converged when an iteration changes no variable by more than this fraction of the largest |xᵢ|; 0 never. */
  stepTolerance?: number;
  /** What tells the time, in seconds from any moment. */
  clock?(): number;
  /** Ends the run with outcome 'stopped' after the iteration under way. */
  signal?: AbortSignal;
  /** Called at the start and after each iteration. */
  onStep?(step: S): void;
}

type Limit = 'maxIterations' | 'maxEvaluations' | 'maxSeconds' | 'valueTolerance' | 'stepTolerance';

/** The limits of runs of both kinds. */
export const runLimits: OptionsOf<Pick<RunOptions<RunStep>, Limit>> = {
  maxIterations: whole(1000, '[0, ∞)', 'the most iterations'),
  maxEvaluations: number(
    Number.POSITIVE_INFINITY,
    '(0, ∞]',
    'the most evaluations, counted after each iteration; differences count',
  ),
  maxSeconds: number(Number.POSITIVE_INFINITY, '(0, ∞]', 'the most seconds, looked at after each iteration'),
  valueTolerance: number(
    0,
    '[0, ∞)',
    'converged when an iteration changes the value by at most this fraction of it; 0 never',
  ),
  stepTolerance: number(
    0,
    '[0, ∞)',
    'converged when an iteration changes no variable by more than this fraction of the largest |xᵢ|; 0 never',
  ),
};

/** Names of the options that runs of both kinds take besides their limits. */
export const runSeams = ['signal', 'onStep', 'clock'] as const;

/** What a run is told once its limits are known. */
export type RunRules<S> = Pick<RunOptions<S>, (typeof runSeams)[number]> &
  Required<Pick<RunOptions<S>, Limit>>;

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
  private begun = 0;

  protected constructor(
    protected readonly at: A,
    private readonly options: RunRules<S>,
    /** The bounds, where there are any. */
    protected readonly box?: Box,
  ) {
    this.gradientNorm = this.steepest();
    const { maxSeconds } = options;
    if (maxSeconds < Number.POSITIVE_INFINITY) this.begun = this.seconds();
  }

  /** What the clock shows; the computer's own where none was given. */
  private seconds(): number {
    return this.options.clock === undefined ? performance.now() / 1000 : this.options.clock();
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
    const { valueTolerance, stepTolerance } = this.options;
    const before = this.at.value;
    const from = stepTolerance > 0 ? this.at.x.slice() : undefined;
    const ended = this.steps.advance();
    this.gradientNorm = this.steepest();
    if (ended === undefined) {
      this.iteration++;
      this.report();
    }
    const still = () => this.still(before, valueTolerance, from, stepTolerance);
    this.outcome =
      ended === undefined ? this.judge(still) : (this.converged() ?? this.diverged(false) ?? ended);
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

  /** Whether an iteration changed too little to go on. */
  private still(
    before: number,
    valueTolerance: number,
    from: Float64Array | undefined,
    stepTolerance: number,
  ): Outcome | undefined {
    const { x, value } = this.at;
    const size = Math.max(Math.abs(before), Math.abs(value));
    if (valueTolerance > 0 && Math.abs(before - value) <= valueTolerance * size) {
      return {
        kind: 'converged',
        message: `the iteration changed the value by at most ${valueTolerance} of it`,
        by: 'value',
      };
    }
    if (from === undefined || !(largest(x.map((xi, i) => xi - from[i])) <= stepTolerance * largest(x))) {
      return undefined;
    }
    return {
      kind: 'converged',
      message: `the iteration changed no variable by more than ${stepTolerance} of the largest`,
      by: 'step',
    };
  }

  private judge(still: () => Outcome | undefined = () => undefined): Outcome | undefined {
    const beyond = this.diverged(false);
    if (beyond !== undefined) return beyond;
    const trouble = this.trouble();
    if (trouble !== undefined) return { kind: 'nonFinite', message: `the ${trouble} is no longer finite` };
    const converged = this.converged() ?? still();
    if (converged !== undefined) return converged;
    const end = this.limit();
    return end && (this.diverged(true) ?? this.steps?.trouble?.() ?? end);
  }

  /** Which limit is reached. */
  private limit(): Outcome | undefined {
    const { maxIterations, maxEvaluations, maxSeconds } = this.options;
    if (this.iteration >= maxIterations) return spent('iterations', maxIterations);
    if (this.evaluated() >= maxEvaluations) return spent('evaluations', maxEvaluations);
    if (maxSeconds === Number.POSITIVE_INFINITY || this.seconds() - this.begun < maxSeconds) return undefined;
    return spent('seconds', maxSeconds);
  }
}

/** @throws TypeError unless `onStep` and `clock` are functions and `signal` an AbortSignal, where they are given */
export function checkCallbacks(
  where: string,
  { signal, onStep, clock }: { signal?: unknown; onStep?: unknown; clock?: unknown },
): void {
  for (const [name, callback] of Object.entries({ onStep, clock })) {
    if (callback !== undefined && typeof callback !== 'function') {
      throw new TypeError(`${where}(${name}): expected a function, got ${shown(callback)}`);
    }
  }
  if (signal !== undefined && typeof (signal as { aborted?: unknown } | null)?.aborted !== 'boolean') {
    throw new TypeError(`${where}(signal): expected an AbortSignal, got ${shown(signal)}`);
  }
}
