import type { Outcome } from '../../src/index.js';
import type {
  Adjusted,
  Derivatives,
  MethodDescription,
  MethodEvent,
  MethodResult,
  OperatorsMeasured,
  RunStarted,
} from './events.js';
import { Points } from './points.js';

/** Over about how many steps losses are averaged where the run says nothing else. */
export const usualSmoothing = 50;
/** Seconds over which the rate of steps is measured. */
const rateWindow = 5;
const rateMarks = 100;
/** The accuracies whose first attainment is noted. */
const milestones = ['0.90', '0.95', '0.97'] as const;

/** What a run says of all its methods. */
export type RunRules = Pick<RunStarted, 'steps' | 'smoothing' | 'derivatives' | 'target' | 'from'>;

/** What is known of one method so far, as a fold over its events. */
export class MethodState {
  /** Steps taken so far: they are counted from 0. */
  taken = 0;
  /** Where it has come to, for problems with few variables. */
  readonly points = new Points();
  /** The latest evaluation on data not trained on: its loss, its accuracy and the step it was made after. */
  loss: number | undefined;
  accuracy: number | undefined;
  squaredError: number | undefined;
  evaluatedAt = -1;
  /** The steps taken when its newest checkpoint was written. */
  checkpointAt: number | undefined;
  operators: OperatorsMeasured | undefined;
  outcome: Outcome | undefined;
  /** What was changed of its options, in order. */
  readonly adjustments: Adjusted[] = [];
  readonly #reached = new Map<string, number>();
  /** Where it stood at some times of the last seconds, not all of them: steps may come by the hundred thousand. */
  readonly #recent: { seconds: number; taken: number }[] = [];
  #latest = 0;
  /** What the steps took, evaluations and checkpoints aside. */
  milliseconds = 0;
  #sum = 0;
  #weight = 0;

  /** The step it began at: 0, or that of the checkpoint it branched from. */
  readonly begun: number;
  /** The most steps it may take. */
  budget: number;
  readonly #derivatives: Derivatives | undefined;
  /** The weight of the past in the smoothed loss. */
  readonly #kept: number;
  readonly #target: number | undefined;
  #metAt: number | undefined;

  constructor(
    readonly description: MethodDescription,
    { steps, smoothing = usualSmoothing, derivatives, target, from }: RunRules,
  ) {
    this.begun = this.taken = from?.step ?? 0;
    this.#target = target;
    this.budget = steps;
    this.#derivatives = derivatives;
    this.#kept = 1 - 1 / smoothing;
  }

  /** The run goes on, perhaps to more steps than it was begun with: what was stopped, or had taken them all, does too. */
  goOn({ steps }: Pick<RunStarted, 'steps'>): void {
    const isUsedUp = this.outcome?.kind === 'budget' && steps > this.taken;
    if (this.outcome?.kind === 'stopped' || isUsedUp) this.outcome = undefined;
    this.budget = steps;
  }

  take(event: MethodEvent): void {
    if (event.kind === 'step') {
      this.stepped(event.step, event.seconds, event.loss, event.milliseconds);
    } else if (event.kind === 'evaluation') {
      ({ loss: this.loss, accuracy: this.accuracy, step: this.evaluatedAt } = event);
      this.squaredError = event.squaredError;
      for (const milestone of milestones) {
        const reached = event.accuracy !== undefined && event.accuracy >= Number(milestone);
        if (reached && !this.#reached.has(milestone)) this.#reached.set(milestone, event.step);
      }
    } else if (event.kind === 'point') {
      this.points.push(event);
      this.#compare(event.value, event.step);
    } else if (event.kind === 'control') {
      this.adjustments.push(event);
    } else if (event.kind === 'checkpoint') {
      this.checkpointAt = event.step;
    } else if (event.kind === 'operators') {
      this.operators = event;
    } else if (event.kind === 'outcome') {
      this.outcome = event.outcome;
      // A resumed run may be stopped before it comes again to where the record ends.
      this.taken = event.outcome.kind === 'stopped' ? Math.max(this.taken, event.step) : event.step;
    }
  }

  /** Takes in a step by its numbers. */
  protected stepped(step: number, seconds: number, loss: number, milliseconds: number): void {
    this.taken = step + 1;
    this.outcome = undefined; // a stopped race goes on
    this.milliseconds += milliseconds;
    this.#sum = this.#kept * this.#sum + (1 - this.#kept) * loss;
    this.#weight = this.#kept * this.#weight + (1 - this.#kept);
    if (this.points.length === 0) this.#compare(this.smoothedLoss, this.taken);
    this.#latest = seconds;
    const before = this.#recent.at(-1)?.seconds ?? Number.NEGATIVE_INFINITY;
    if (seconds - before >= rateWindow / rateMarks) this.#recent.push({ seconds, taken: this.taken });
    while (this.#recent.length > 0 && seconds - this.#recent[0].seconds > rateWindow) this.#recent.shift();
  }

  #compare(value: number | undefined, step: number): void {
    if (this.#target !== undefined && value !== undefined && value <= this.#target) this.#metAt ??= step;
  }

  /** Whether a resumed race leaves the method as it is. */
  get hasEnded(): boolean {
    return this.outcome !== undefined && this.outcome.kind !== 'stopped';
  }

  /** The function's value at the last point where it is finite. */
  get value(): number | undefined {
    const { points } = this;
    return points.length === 0 ? undefined : points.values.at(points.lastFinite);
  }

  /** The mean of the losses, weighted by 1 − 1/smoothing to the power of their age; undefined before the first step. */
  get smoothedLoss(): number | undefined {
    return this.#weight === 0 ? undefined : this.#sum / this.#weight;
  }

  /** Steps a second over the last seconds. */
  get rate(): number | undefined {
    const [first] = this.#recent;
    if (first === undefined || this.#latest === first.seconds) return undefined;
    return (this.taken - first.taken) / (this.#latest - first.seconds);
  }

  get secondsLeft(): number | undefined {
    const rate = this.rate;
    return rate === undefined ? undefined : (this.budget - this.taken) / rate;
  }

  result(): MethodResult {
    const { description, points, taken, value } = this;
    const common = {
      name: description.name,
      label: description.label,
      ...(description.seed !== undefined && {
        seed: description.seed,
        contestant: description.contestant,
      }),
      steps: taken,
      ...(this.#target !== undefined && { stepsToTarget: this.#metAt ?? null }),
      millisecondsPerStep: taken === this.begun ? 0 : this.milliseconds / (taken - this.begun),
      outcome: this.outcome ?? { kind: 'stopped', message: 'the run was cut off before this method ended' },
    } as const;
    if (value !== undefined) {
      const x = points.at(points.lastFinite);
      const { evaluations } = points;
      return {
        ...common,
        loss: value,
        x,
        value,
        path: points.path(),
        evaluations,
        derivatives: this.#derivatives,
      };
    }
    return {
      ...common,
      trainLoss: this.smoothedLoss,
      loss: this.loss ?? this.smoothedLoss,
      accuracy: this.accuracy,
      squaredError: this.squaredError,
      stepsToAccuracy: this.accuracy === undefined ? undefined : this.#stepsToAccuracy(),
    };
  }

  #stepsToAccuracy(): Record<string, number | null> {
    return Object.fromEntries(
      milestones.map((milestone) => [milestone, this.#reached.get(milestone) ?? null]),
    );
  }
}
