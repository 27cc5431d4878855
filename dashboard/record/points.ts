import type { EvaluationCounts } from '../../src/index.js';
import { Column, lowerBound } from './column.js';
import type { PointVisited } from './events.js';

/** How a method came to a point from the one before. */
export type Arrival = Pick<PointVisited, 'radius' | 'model' | 'trials'>;

/** The parameters of a problem with few variables, a column each. */
export class Points {
  readonly steps = new Column();
  readonly values = new Column();
  readonly coordinates: Column[] = [];
  /** How many evaluations each point had taken in all; NaN where that is unknown. */
  readonly evaluationsAt = new Column();
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
    this.evaluations = evaluations ?? this.evaluations;
    const counts = evaluations && Object.values(evaluations);
    this.evaluationsAt.push(counts?.reduce((sum, count) => sum + count) ?? Number.NaN);
    x.forEach((coordinate, index) => {
      this.coordinates[index] ??= new Column();
      this.coordinates[index].push(coordinate);
    });
  }

  get length(): number {
    return this.steps.length;
  }

  /** All points, one after the other. */
  path(): number[][] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }

  /** The index of the last point with a finite value; of the first where there is none; −1 without points. */
  get lastFinite(): number {
    for (let index = this.length - 1; index >= 0; index--) {
      if (Number.isFinite(this.values.at(index))) return index;
    }
    return Math.min(0, this.length - 1);
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
    for (const column of [this.steps, this.values, this.evaluationsAt, ...this.coordinates])
      column.truncate(length);
  }
}
