import { type Column, lowerBound, nearest } from '../../../record/column.js';
import { type Across, type Place, Places } from './places.js';
import { Series } from './series.js';
import { Smoothed } from './smoothing.js';

/** One measured quantity of one method. Several curves may share their places. */
export class Curve {
  readonly raw = new Series();
  readonly places: Places;
  #smoothed: Smoothed | undefined;

  constructor(places = new Places()) {
    this.places = places;
  }

  across(across: Across): Column {
    return this.places.column(across);
  }

  /** Smoothed over about `span` values, on a log axis in log space; the raw series itself for a span of 1. */
  smoothed(span: number, log: boolean): Series {
    if (span <= 1) return this.raw;
    if (this.#smoothed?.span !== span || this.#smoothed.log !== log) {
      this.#smoothed = new Smoothed(this.raw, span, log);
    }
    return this.#smoothed.update();
  }

  /** Adds a value to a curve that has its places for itself. */
  add(place: Place, value: number): void {
    this.places.push(place);
    this.raw.push(value);
  }

  /** Forgets what was measured at `step` and later, in a curve that has its places for itself. */
  forget(step: number): void {
    const kept = this.places.before(step);
    this.places.truncate(kept);
    this.truncate(kept);
  }

  /** Forgets the values from index `length` on; shared places are their owner's to shorten. */
  truncate(length: number): void {
    if (length >= this.raw.length) return;
    this.raw.truncate(length);
    this.#smoothed = undefined;
  }

  /** The index of the value nearest to a place on the axis, where the curve has got that far; −1 elsewhere. */
  index(across: Across, place: number): number {
    const column = this.across(across);
    return column.length === 0 || place > column.last ? -1 : nearest(column, place);
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
