import { type Column, lowerBound, nearest } from '../../../record/column.js';
import { Series } from './series.js';
import { Smoothed } from './smoothing.js';

export type Across = 'steps' | 'seconds';

/** One measured quantity of one method over steps and seconds. Several curves may share their two columns. */
export class Curve {
  readonly raw = new Series();
  readonly #across: Readonly<Record<Across, Column>>;
  #smoothed: Smoothed | undefined;

  constructor(steps: Column, seconds: Column) {
    this.#across = { steps, seconds };
  }

  across(across: Across): Column {
    return this.#across[across];
  }

  /** The debiased average over about `span` values; the raw series itself for a span of 1. */
  smoothed(span: number): Series {
    if (span <= 1) return this.raw;
    if (this.#smoothed?.span !== span) this.#smoothed = new Smoothed(this.raw, span);
    return this.#smoothed.update();
  }

  /** Adds a value to a curve that has its columns for itself. */
  add(step: number, seconds: number, value: number): void {
    this.#across.steps.push(step);
    this.#across.seconds.push(seconds);
    this.raw.push(value);
  }

  /** Forgets what was measured at `step` and later, in a curve that has its columns for itself. */
  forget(step: number): void {
    const kept = lowerBound(this.#across.steps, step);
    this.#across.steps.truncate(kept);
    this.#across.seconds.truncate(kept);
    this.truncate(kept);
  }

  /** Forgets the values from index `length` on; the shared columns are their owner's to shorten. */
  truncate(length: number): void {
    if (length >= this.raw.length) return;
    this.raw.truncate(length);
    this.#smoothed = undefined;
  }

  /** The smoothed value nearest to a place on the axis, where the curve has got that far. */
  read(across: Across, place: number, span: number): number | undefined {
    const column = this.across(across);
    if (column.length === 0 || place > column.last) return undefined;
    return this.smoothed(span).at(nearest(column, place));
  }

  /** The half-open range of indices whose place lies in [from, to], one neighbour more on each side. */
  within(across: Across, from: number, to: number): readonly [number, number] {
    const column = this.across(across);
    const first = Math.max(0, lowerBound(column, from) - 1);
    let end = lowerBound(column, to);
    if (end < column.length) end++;
    return [first, end];
  }
}
