import type { EvaluationCounts, Outcome } from '../../../../src/index.js';
import type {
  CheckpointWritten,
  Evaluated,
  ListMeasured,
  MethodDescription,
  OperatorsMeasured,
  PointVisited,
} from '../../../record/events.js';
import { type EveryStep, everyStep, ownMeasures, series } from '../../../record/measures.js';
import { numberAt, type StepColumns } from '../../../record/step-columns.js';
import type { Summary } from '../../../record/summary.js';
import { Column, lowerBound } from './column.js';
import { Curve } from './curve.js';
import { Lists } from './lists.js';
import type { Bucket } from './series.js';

const measured = everyStep.map(({ name }) => name);
export type Evaluation = 'testLoss' | 'accuracy';

/** All that is known of one method, in columns. */
export class MethodRecord {
  readonly description: MethodDescription;
  readonly steps = new Column();
  readonly seconds = new Column();
  /** What every step measures, and what is evaluated now and then. */
  readonly curves: Readonly<Record<EveryStep | Evaluation, Curve>>;
  /** The numbers that this method's steps measure of their own, by name; a step need not make all of them. */
  readonly own: ReadonlyMap<string, Curve>;
  /** The lists among them, by name. */
  readonly lists: ReadonlyMap<string, Lists>;
  readonly points = new Points();
  operators: OperatorsMeasured | undefined;
  checkpoint: CheckpointWritten | undefined;
  outcome: Outcome | undefined;
  /** Steps taken so far: they are counted from 0. */
  taken = 0;

  constructor(description: MethodDescription) {
    this.description = description;
    const everywhere = measured.map((name) => [name, new Curve(this.steps, this.seconds)]);
    this.curves = {
      ...(Object.fromEntries(everywhere) as Record<EveryStep, Curve>),
      testLoss: new Curve(new Column(), new Column()),
      accuracy: new Curve(new Column(), new Column()),
    };
    const apart = (): Curve => new Curve(new Column(), new Column());
    this.own = new Map(ownMeasures(description, 'number').map((name) => [name, apart()]));
    this.lists = new Map(ownMeasures(description, 'list').map((name) => [name, new Lists()]));
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
    }
    this.steps.push(step);
    this.seconds.push(columns.seconds[index]!);
    for (const name of measured) this.curves[name].raw.push(columns[name][index]!);
    let place = series.length;
    for (const curve of this.own.values()) {
      const value = numberAt(columns, index, place++);
      if (value !== undefined) curve.add(step, columns.seconds[index]!, value);
    }
    this.taken = step + 1;
    this.outcome = undefined;
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

  evaluation(event: Evaluated): void {
    this.#evaluated('testLoss', event, event.loss);
    if (event.accuracy !== undefined) this.#evaluated('accuracy', event, event.accuracy);
  }

  #evaluated(name: Evaluation, { step, seconds }: Evaluated, value: number): void {
    const curve = this.curves[name];
    curve.forget(step);
    curve.add(step, seconds, value);
  }

  list({ name, step, seconds, values }: ListMeasured): void {
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

/** How a method came to a point from the one before. */
export type Arrival = Pick<PointVisited, 'radius' | 'model' | 'trials'>;

/** The parameters of a problem with few variables, a column each. */
export class Points {
  readonly steps = new Column();
  readonly values = new Column();
  readonly coordinates: Column[] = [];
  /** How often the functions had been called at the last point, where that is known. */
  evaluations: EvaluationCounts | undefined;
  /** By the index of the point, where it is known. */
  readonly #arrivals = new Map<number, Arrival>();

  push({ step, x, value, evaluations, radius, model, trials }: PointVisited): void {
    if (step <= this.steps.last) this.#truncate(lowerBound(this.steps, step));
    if (radius !== undefined || model !== undefined || trials !== undefined) {
      this.#arrivals.set(this.steps.length, { radius, model, trials });
    }
    this.steps.push(step);
    this.values.push(value);
    this.evaluations = evaluations;
    x.forEach((coordinate, index) => {
      this.coordinates[index] ??= new Column();
      this.coordinates[index].push(coordinate);
    });
  }

  /** The point at `index`. */
  at(index: number): number[] {
    return this.coordinates.map((column) => column.at(index));
  }

  /** Whether it is known of any point how the method came there. */
  get explained(): boolean {
    return this.#arrivals.size > 0;
  }

  arrival(index: number): Arrival | undefined {
    return this.#arrivals.get(index);
  }

  /** How far from the point before the method looked on its way to the point at `index`; 0 where that is unknown. */
  reach(index: number): number {
    const arrival = this.#arrivals.get(index);
    if (arrival === undefined || index === 0) return 0;
    const before = this.at(index - 1);
    const looked = [this.at(index), ...(arrival.trials ?? []).map(({ x }) => x)].map((x) =>
      Math.hypot(...x.map((coordinate, k) => coordinate - before[k]!)),
    );
    return Math.max(arrival.radius ?? 0, ...looked.filter(Number.isFinite));
  }

  /** The index of the last point no later than `step`; −1 where there is none. */
  indexAt(step: number): number {
    return lowerBound(this.steps, step + 1) - 1;
  }

  #truncate(length: number): void {
    for (let index = length; index < this.steps.length; index++) this.#arrivals.delete(index);
    for (const column of [this.steps, this.values, ...this.coordinates]) column.truncate(length);
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
