import type { LandscapeSampled } from '../record/events.js';
import type { KnownMinimum } from './landscape.js';

/** Samples along the axis: a function of one variable is drawn as a line of so many points. */
const recordedSide = 257;
const margin = 0.15;
/** Steps that go so many times as far from the start as half of them do leave the picture. */
const straying = 20;

/**
 * Keeps the line of a function of one variable in step with the paths, as `LiveLandscape` does for two: told of each
 * point, it answers with a new sample when the stretch has to grow.
 */
export class LiveProfile {
  readonly #minima: LandscapeSampled['minima'];
  readonly #visited: number[] = [];
  #nextLook = 0;
  #stretch: readonly [number, number] | undefined;

  constructor(
    private readonly value: (x: number) => number,
    minima: readonly KnownMinimum[] = [],
  ) {
    this.#minima = minima.flatMap(({ x, value }) => (x === undefined ? [] : [{ x: Array.from(x), value }]));
  }

  /** Takes in a point; the sample of the new stretch where it lies outside the old one. */
  visit(_method: number, [x]: readonly number[], _value: number): LandscapeSampled | undefined {
    if (!Number.isFinite(x)) return undefined;
    this.#visited.push(x);
    const [low, high] = this.#stretch ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    if ((x >= low && x <= high) || this.#visited.length < this.#nextLook) return undefined;
    this.#nextLook = this.#visited.length + (this.#visited.length >> 3);
    const [from, to] = this.#wanted();
    if (from >= low && to <= high) return undefined;
    this.#stretch = [Math.min(low, from), Math.max(high, to)];
    return this.#sample(...this.#stretch);
  }

  #wanted(): readonly [number, number] {
    const [start] = this.#visited;
    const distances = Float64Array.from(this.#visited, (x) => Math.abs(x - start)).sort();
    const limit = straying * (distances[distances.length >> 1] || distances[distances.length - 1] || 1);
    const seen = this.#visited.filter((x) => Math.abs(x - start) <= limit);
    const known = this.#minima.map(({ x }) => x[0]).filter((x) => Math.abs(x - start) <= limit);
    const [low, high] = [Math.min(...seen, ...known), Math.max(...seen, ...known)];
    const room = margin * (high - low || Math.max(1, Math.abs(low)));
    return [low - room, high + room];
  }

  #sample(x0: number, x1: number): LandscapeSampled {
    const values = Array.from({ length: recordedSide }, (_, k) => {
      try {
        return Number(this.value(x0 + (k / (recordedSide - 1)) * (x1 - x0)).toPrecision(6));
      } catch {
        return Number.NaN; // outside its domain a function may throw; the run itself is where that is reported
      }
    });
    return {
      kind: 'landscape',
      x0,
      x1,
      y0: 0,
      y1: 0,
      columns: recordedSide,
      rows: 1,
      values,
      minima: this.#minima,
    };
  }
}
