import { markOf } from '../../../record/summary.js';
import { Curve } from './curve.js';
import { type Place, Places } from './places.js';

/** Which quantiles of a list are kept: the extremes, the outer tenths, the quartiles, and the median in the middle. */
const levels = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1] as const;
const middle = 3;

/** A measure that is a list, step by step as its quantiles: lists may be long, and of other lengths at other steps. */
export class Lists {
  readonly #places = new Places();
  readonly #quantiles = levels.map(() => new Curve(this.#places));

  /** The lists as they came, where each entry means something of its own. */
  readonly kept: (readonly number[])[] = [];

  /** @param keeps whether the lists are kept beside their quantiles */
  constructor(readonly keeps = false) {}

  get places(): Places {
    return this.#places;
  }

  get median(): Curve {
    return this.#quantiles[middle]!;
  }

  /** Pairs of quantiles that enclose each other, the outermost first. */
  get bands(): readonly (readonly [Curve, Curve])[] {
    return [0, 1, 2].map((k) => [this.#quantiles[k]!, this.#quantiles[levels.length - 1 - k]!]);
  }

  /** Takes in the list of a step, in place of what was known of it and of later ones. */
  add(place: Place, values: readonly number[]): void {
    if (values.length === 0) return;
    const kept = this.#places.before(place.step);
    this.#places.truncate(kept);
    for (const curve of this.#quantiles) curve.truncate(kept);
    this.kept.length = this.keeps ? kept : 0;
    if (this.keeps) this.kept.push(values);
    this.#places.push(place);
    const finite = Float64Array.from(values.filter(Number.isFinite)).sort();
    const marks = values.reduce((all, value) => all | markOf(value), 0);
    this.#quantiles.forEach((curve, k) => {
      const value = quantile(finite, levels[k]!);
      if (marks === 0) curve.raw.push(value);
      else curve.raw.pushBucket({ min: value, max: value, mean: value, values: finite.length, marks });
    });
  }
}

/** Between the two values nearest in rank, in proportion (Hyndman and Fan 1996, definition 7). */
function quantile(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return Number.NaN;
  const rank = level * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (rank - below) * (high - low);
}
