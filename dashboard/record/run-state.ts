import type { EvaluationCounts, Outcome } from '../../src/index.js';
import type { MethodDescription, MethodResult, RunEvent, RunStarted } from './events.js';

/** Over about how many steps losses are averaged where the run says nothing else. */
export const usualSmoothing = 50;
/** Seconds over which the rate of steps is measured. */
const rateWindow = 5;
/** The accuracies whose first attainment is noted. */
const milestones = ['0.90', '0.95', '0.97'] as const;

/**
 * The state of a race as a fold over its events: the terminal's lines, the closing table and a resumed race
 * all come from what the log says, and from nothing else.
 */
export class RunState {
  readonly methods: readonly MethodState[];
  /** The `seconds` of the latest event. */
  seconds = 0;

  constructor(readonly run: RunStarted) {
    this.methods = run.methods.map((method) => new MethodState(method, run));
  }

  take(event: RunEvent): void {
    if ('seconds' in event) this.seconds = Math.max(this.seconds, event.seconds);
    if ('method' in event) this.methods[event.method]?.take(event);
  }

  results(): MethodResult[] {
    return this.methods.map((method) => method.result());
  }
}

/** What is known of one method so far. */
export class MethodState {
  /** Steps taken. */
  steps = 0;
  milliseconds = 0;
  /** The loss of the latest step. */
  latest: number | undefined;
  loss: number | undefined;
  accuracy: number | undefined;
  evaluatedAt = -1;
  checkpointAt = -1;
  outcome: Outcome | undefined;
  readonly path: (readonly number[])[] = [];
  /** The last point with a finite value, and that value; the start where there is none. */
  x: readonly number[] | undefined;
  value: number | undefined;
  /** f at each point of the path, and how many evaluations it had taken in all. */
  readonly values: number[] = [];
  readonly evaluationsAt: number[] = [];
  evaluations: EvaluationCounts | undefined;
  readonly #reached = new Map<string, number>();
  readonly #recent: { seconds: number; steps: number }[] = [];
  #sum = 0;
  #weight = 0;

  readonly budget: number;
  readonly derivatives: RunStarted['derivatives'];
  /** The weight of the past in the smoothed loss. */
  readonly #kept: number;

  constructor(
    readonly description: MethodDescription,
    { steps, smoothing = usualSmoothing, derivatives }: RunStarted,
  ) {
    this.budget = steps;
    this.derivatives = derivatives;
    this.#kept = 1 - 1 / smoothing;
  }

  /** Whether a resumed race leaves the method as it is. */
  get hasEnded(): boolean {
    return this.outcome !== undefined && this.outcome.kind !== 'stopped';
  }

  take(event: Extract<RunEvent, { method: number }>): void {
    if (event.kind === 'step') {
      this.steps = event.step + 1;
      this.outcome = undefined; // a stopped race goes on
      this.milliseconds += event.milliseconds;
      this.latest = event.loss;
      this.#sum = this.#kept * this.#sum + (1 - this.#kept) * event.loss;
      this.#weight = this.#kept * this.#weight + (1 - this.#kept);
      this.#recent.push({ seconds: event.seconds, steps: this.steps });
      while (event.seconds - this.#recent[0].seconds > rateWindow) this.#recent.shift();
    } else if (event.kind === 'evaluation') {
      ({ loss: this.loss, accuracy: this.accuracy, step: this.evaluatedAt } = event);
      for (const milestone of milestones) {
        const reached = event.accuracy !== undefined && event.accuracy >= Number(milestone);
        if (reached && !this.#reached.has(milestone)) this.#reached.set(milestone, event.step);
      }
    } else if (event.kind === 'point') {
      this.path.push(event.x);
      this.values.push(event.value);
      if (event.evaluations !== undefined) {
        this.evaluations = event.evaluations;
        this.evaluationsAt.push(Object.values(event.evaluations).reduce((sum, count) => sum + count));
      }
      if (this.x === undefined || Number.isFinite(event.value)) ({ x: this.x, value: this.value } = event);
    } else if (event.kind === 'outcome') {
      this.outcome = event.outcome;
      this.steps = event.step;
    } else if (event.kind === 'checkpoint') {
      this.checkpointAt = event.step;
    }
  }

  /** The mean of the losses, weighted by 1 − 1/smoothing to the power of their age; undefined before the first step. */
  get smoothedLoss(): number | undefined {
    return this.#weight === 0 ? undefined : this.#sum / this.#weight;
  }

  /** Steps a second over the last seconds. */
  get rate(): number | undefined {
    const [first] = this.#recent;
    const last = this.#recent.at(-1);
    if (first === undefined || last === undefined || last.seconds === first.seconds) return undefined;
    return (last.steps - first.steps) / (last.seconds - first.seconds);
  }

  get secondsLeft(): number | undefined {
    const rate = this.rate;
    return rate === undefined ? undefined : (this.budget - this.steps) / rate;
  }

  result(): MethodResult {
    const { name, label } = this.description;
    const common = {
      name,
      label,
      steps: this.steps,
      millisecondsPerStep: this.steps === 0 ? 0 : this.milliseconds / this.steps,
      outcome: this.outcome ?? { kind: 'stopped', message: 'the run was cut off before this method ended' },
    } as const;
    if (this.x !== undefined) {
      const { x, value, path, evaluations, derivatives } = this;
      return { ...common, loss: value, x, value, path, evaluations, derivatives };
    }
    return {
      ...common,
      trainLoss: this.smoothedLoss,
      loss: this.loss ?? this.smoothedLoss,
      accuracy: this.accuracy,
      stepsToAccuracy: this.accuracy === undefined ? undefined : this.stepsToAccuracy(),
    };
  }

  stepsToAccuracy(): Record<string, number | null> {
    return Object.fromEntries(
      milestones.map((milestone) => [milestone, this.#reached.get(milestone) ?? null]),
    );
  }
}
