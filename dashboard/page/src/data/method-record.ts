import type {
  Evaluated,
  ListMeasured,
  MethodDescription,
  MethodEvent,
  OperatorsMeasured,
  PointVisited,
  SliceSampled,
} from '../../../record/events.js';
import { type EveryStep, everyStep, ownMeasures, series } from '../../../record/measures.js';
import { MethodState, type RunRules } from '../../../record/method-state.js';
import { numberAt, type StepColumns } from '../../../record/step-columns.js';
import type { Summary } from '../../../record/summary.js';
import { Curve } from './curve.js';
import { Lists } from './lists.js';
import { Places } from './places.js';
import type { Bucket } from './series.js';

const measured = everyStep.map(({ name }) => name);
export type Evaluation = 'testLoss' | 'accuracy' | 'squaredError';

/** All that is known of one method: its state, and what it measured in columns. */
export class MethodRecord extends MethodState {
  /** Of its steps. */
  readonly places = new Places();
  /** Of a function: its value at every point, where the last step led too. */
  readonly valueCurve = new Curve();
  /** The least value known of the function that it minimizes. */
  minimum: number | undefined;
  #gap: { readonly minimum: number; readonly curve: Curve } | undefined;
  /** What every step measures, and what is evaluated now and then. */
  readonly curves: Readonly<Record<EveryStep | Evaluation, Curve>>;
  /** The numbers that this method's steps measure of their own, by name; a step need not make all of them. */
  readonly own: ReadonlyMap<string, Curve>;
  /** The loss around its checkpoints, in the order in which it was computed. */
  readonly slices: SliceSampled[] = [];
  /** The lists among them, by name. */
  readonly lists: ReadonlyMap<string, Lists>;
  /** What the operators had cost when they were measured before the last time. */
  operatorsBefore: OperatorsMeasured | undefined;

  constructor(description: MethodDescription, rules: RunRules = { steps: 0 }) {
    super(description, rules);
    const everywhere = measured.map((name) => [name, new Curve(this.places)]);
    this.curves = {
      ...(Object.fromEntries(everywhere) as Record<EveryStep, Curve>),
      testLoss: new Curve(),
      accuracy: new Curve(),
      squaredError: new Curve(),
    };
    const apart = (): Curve => new Curve();
    this.own = new Map(ownMeasures(description, 'number').map((name) => [name, apart()]));
    const lists = description.measures?.filter(({ kind }) => kind === 'list') ?? [];
    this.lists = new Map(lists.map(({ name, entries }) => [name, new Lists(entries !== undefined)]));
  }

  override take(event: MethodEvent): void {
    if (event.kind === 'operators') this.operatorsBefore = this.operators;
    super.take(event);
    if (event.kind === 'evaluation') this.#evaluation(event);
    else if (event.kind === 'list') this.#list(event);
    else if (event.kind === 'point') this.#point(event);
    else if (event.kind === 'slice') this.slices.push(event);
  }

  /** By how much the value lies above the least one known; undefined where none is. */
  get gap(): Curve | undefined {
    const { minimum } = this;
    if (minimum === undefined) return undefined;
    const { raw, places } = this.valueCurve;
    if (this.#gap?.minimum !== minimum || this.#gap.curve.raw.length > raw.length) {
      this.#gap = { minimum, curve: new Curve(places) };
    }
    const { curve } = this.#gap;
    for (let index = curve.raw.length; index < raw.length; index++) curve.raw.push(raw.at(index) - minimum);
    return curve;
  }

  /**
   * Takes in the `index`-th of some steps. A step already known is written anew, with all after it: a run
   * resumed from a checkpoint repeats some.
   */
  step(columns: StepColumns, index: number): void {
    const step = columns.step[index]!;
    if (step <= this.places.steps.last) {
      this.#forgetSteps(step);
      this.curves.testLoss.forget(step);
      this.curves.accuracy.forget(step);
      this.curves.squaredError.forget(step);
    }
    const place = {
      step,
      seconds: columns.seconds[index]!,
      work: this.#worked,
      evaluations: this.#evaluationsAt(step),
    };
    this.places.push(place);
    for (const name of measured) this.curves[name].raw.push(columns[name][index]!);
    let position = series.length;
    for (const curve of this.own.values()) {
      const value = numberAt(columns, index, position++);
      if (value !== undefined) curve.add(place, value);
    }
    this.stepped(step, columns.seconds[index]!, columns.loss[index]!, columns.milliseconds[index]!);
  }

  /** Takes in steps that came as summaries, one for each quantity over the same buckets. */
  summaries(parts: Readonly<Record<string, Summary>>): void {
    const { step, mean } = parts.seconds!;
    if (step.length === 0) return;
    this.#forgetSteps(step[0]!);
    const { milliseconds } = parts;
    for (let index = 0; index < step.length; index++) {
      this.places.push({
        step: step[index]!,
        seconds: mean[index]!,
        work: this.#worked,
        evaluations: this.#evaluationsAt(step[index]!),
      });
      const timed = milliseconds!.values[index]!;
      if (timed > 0) this.milliseconds += timed * milliseconds!.mean[index]!;
      for (const name of measured) this.curves[name].raw.pushBucket(bucket(parts[name]!, index));
    }
    for (const [name, curve] of this.own) {
      const part = parts[name]!;
      for (let index = 0, at = 0; index < part.step.length; index++) {
        while (step[at]! < part.step[index]!) at++;
        curve.places.push(this.places.at(part.step[index]!, mean[at]!));
        curve.raw.pushBucket(bucket(part, index));
      }
    }
    // Every step takes some time, so the values of the last bucket tell how many steps it holds.
    this.taken = step.at(-1)! + parts.milliseconds!.values.at(-1)!;
  }

  #evaluation(event: Evaluated): void {
    this.#evaluated('testLoss', event, event.loss);
    if (event.accuracy !== undefined) this.#evaluated('accuracy', event, event.accuracy);
    if (event.squaredError !== undefined) this.#evaluated('squaredError', event, event.squaredError);
  }

  #point({ step, value }: PointVisited): void {
    this.valueCurve.forget(step);
    this.#gap?.curve.truncate(this.valueCurve.raw.length);
    const { evaluationsAt } = this.points;
    const seconds = Math.max(0, this.places.seconds.last || 0);
    this.valueCurve.add({ step, seconds, work: this.#worked, evaluations: evaluationsAt.last }, value);
  }

  #evaluated(name: Evaluation, { step, seconds }: Evaluated, value: number): void {
    const curve = this.curves[name];
    curve.forget(step);
    curve.add(this.places.at(step, seconds), value);
  }

  #list({ name, step, seconds, values }: ListMeasured): void {
    this.lists.get(name)?.add(this.places.at(step, seconds), values);
  }

  /** Seconds of the method's own work so far. */
  get #worked(): number {
    return this.milliseconds / 1000;
  }

  /** Evaluations made when it stood where the step begins. */
  #evaluationsAt(step: number): number {
    const { points } = this;
    const index = points.indexAt(step);
    return index < 0 ? Number.NaN : points.evaluationsAt.at(index);
  }

  #forgetSteps(step: number): void {
    if (!(step <= this.places.steps.last)) return;
    const kept = this.places.before(step);
    this.milliseconds = 1000 * this.places.work.at(kept);
    this.places.truncate(kept);
    for (const name of measured) this.curves[name].truncate(kept);
    for (const curve of this.own.values()) curve.forget(step);
  }
}

function bucket(summary: Summary, index: number): Bucket {
  return {
    min: summary.min[index]!,
    max: summary.max[index]!,
    mean: summary.mean[index]!,
    values: summary.values[index]!,
    marks: summary.marks[index]!,
  };
}
