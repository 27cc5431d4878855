import { Column, lowerBound } from '../../../record/column.js';
import type { Evaluated, ListMeasured, MethodDescription, MethodEvent } from '../../../record/events.js';
import { type EveryStep, everyStep, ownMeasures, series } from '../../../record/measures.js';
import { MethodState, type RunRules } from '../../../record/method-state.js';
import { numberAt, type StepColumns } from '../../../record/step-columns.js';
import type { Summary } from '../../../record/summary.js';
import { Curve } from './curve.js';
import { Lists } from './lists.js';
import type { Bucket } from './series.js';

const measured = everyStep.map(({ name }) => name);
export type Evaluation = 'testLoss' | 'accuracy' | 'squaredError';

/** All that is known of one method: its state, and what it measured in columns. */
export class MethodRecord extends MethodState {
  readonly steps = new Column();
  readonly seconds = new Column();
  /** What every step measures, and what is evaluated now and then. */
  readonly curves: Readonly<Record<EveryStep | Evaluation, Curve>>;
  /** The numbers that this method's steps measure of their own, by name; a step need not make all of them. */
  readonly own: ReadonlyMap<string, Curve>;
  /** The lists among them, by name. */
  readonly lists: ReadonlyMap<string, Lists>;

  constructor(description: MethodDescription, rules: RunRules = { steps: 0 }) {
    super(description, rules);
    const everywhere = measured.map((name) => [name, new Curve(this.steps, this.seconds)]);
    this.curves = {
      ...(Object.fromEntries(everywhere) as Record<EveryStep, Curve>),
      testLoss: new Curve(new Column(), new Column()),
      accuracy: new Curve(new Column(), new Column()),
      squaredError: new Curve(new Column(), new Column()),
    };
    const apart = (): Curve => new Curve(new Column(), new Column());
    this.own = new Map(ownMeasures(description, 'number').map((name) => [name, apart()]));
    this.lists = new Map(ownMeasures(description, 'list').map((name) => [name, new Lists()]));
  }

  override take(event: MethodEvent): void {
    super.take(event);
    if (event.kind === 'evaluation') this.#evaluation(event);
    else if (event.kind === 'list') this.#list(event);
  }

  /**
   * Takes in the `index`-th of some steps. A step already known is written anew, with all after it: a run
   * resumed from a checkpoint repeats some.
   */
  step(columns: StepColumns, index: number): void {
    const step = columns.step[index]!;
    if (step <= this.steps.last) {
      this.#forgetSteps(step);
      this.curves.testLoss.forget(step);
      this.curves.accuracy.forget(step);
      this.curves.squaredError.forget(step);
    }
    this.steps.push(step);
    this.seconds.push(columns.seconds[index]!);
    for (const name of measured) this.curves[name].raw.push(columns[name][index]!);
    let place = series.length;
    for (const curve of this.own.values()) {
      const value = numberAt(columns, index, place++);
      if (value !== undefined) curve.add(step, columns.seconds[index]!, value);
    }
    this.stepped(step, columns.seconds[index]!, columns.loss[index]!, columns.milliseconds[index]!);
  }

  /** Takes in steps that came as summaries, one for each quantity over the same buckets. */
  summaries(parts: Readonly<Record<string, Summary>>): void {
    const { step, mean } = parts.seconds!;
    if (step.length === 0) return;
    this.#forgetSteps(step[0]!);
    for (let index = 0; index < step.length; index++) {
      this.steps.push(step[index]!);
      this.seconds.push(mean[index]!);
      for (const name of measured) this.curves[name].raw.pushBucket(bucket(parts[name]!, index));
    }
    for (const [name, curve] of this.own) {
      const part = parts[name]!;
      for (let index = 0, at = 0; index < part.step.length; index++) {
        while (step[at]! < part.step[index]!) at++;
        curve.across('steps').push(part.step[index]!);
        curve.across('seconds').push(mean[at]!);
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

  #evaluated(name: Evaluation, { step, seconds }: Evaluated, value: number): void {
    const curve = this.curves[name];
    curve.forget(step);
    curve.add(step, seconds, value);
  }

  #list({ name, step, seconds, values }: ListMeasured): void {
    this.lists.get(name)?.add(step, seconds, values);
  }

  #forgetSteps(step: number): void {
    if (!(step <= this.steps.last)) return;
    const kept = lowerBound(this.steps, step);
    this.steps.truncate(kept);
    this.seconds.truncate(kept);
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
