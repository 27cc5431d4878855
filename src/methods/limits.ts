import { largest } from '../linalg/vector.js';
import type { Iterate } from '../objective/iterate.js';
import { type Outcome, spent } from '../objective/outcome.js';
import type { RunRules } from './run-options.js';

type Rules = Pick<
  RunRules<never>,
  'maxIterations' | 'maxEvaluations' | 'maxSeconds' | 'valueTolerance' | 'stepTolerance' | 'clock'
>;

/** What ends any run whatever its mathematics: an iteration that changed too little, and a budget used up. */
export class Limits {
  private readonly begun: number;
  /** The iterate before the iteration under way; x only where its change is looked at. */
  private value = Number.NaN;
  private x: Float64Array | undefined;

  constructor(private readonly rules: Rules) {
    this.begun = rules.maxSeconds < Number.POSITIVE_INFINITY ? this.seconds() : 0;
  }

  /** An iteration begins here. */
  begin({ value, x }: Iterate): void {
    this.value = value;
    if (this.rules.stepTolerance > 0) this.x = x.slice();
  }

  /** Whether the last iteration changed too little to go on. */
  still({ value, x }: Iterate): Outcome | undefined {
    const { valueTolerance, stepTolerance } = this.rules;
    const { value: before, x: from } = this;
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

  /** Which budget is used up. */
  spent(iterations: number, evaluations: number): Outcome | undefined {
    const { maxIterations, maxEvaluations, maxSeconds } = this.rules;
    if (iterations >= maxIterations) return spent('iterations', maxIterations);
    if (evaluations >= maxEvaluations) return spent('evaluations', maxEvaluations);
    if (maxSeconds === Number.POSITIVE_INFINITY || this.seconds() - this.begun < maxSeconds) return undefined;
    return spent('seconds', maxSeconds);
  }

  /** What the clock shows; the computer's own where none was given. */
  private seconds(): number {
    return this.rules.clock === undefined ? performance.now() / 1000 : this.rules.clock();
  }
}
