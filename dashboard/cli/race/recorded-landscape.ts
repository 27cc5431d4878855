import type { TestFunction } from '../../../src/problems/index.js';
import { LiveLandscape, LiveProfile } from '../../plot/index.js';
import type { LandscapeSampled } from '../../record/events.js';
import type { Recorder } from '../../record/recording/recorder.js';

/** A function that takes longer for a value, in milliseconds, would hold the race up for seconds: thousands make a landscape. */
const slowest = 0.5;

/** Records the landscape of a function of one or two variables, and records it anew when a path leaves the window; a slow function has none. */
export class RecordedLandscape {
  readonly #live: LiveLandscape | LiveProfile | undefined;
  #held: LandscapeSampled | undefined;

  constructor(
    readonly recorder: Recorder,
    of: TestFunction,
  ) {
    if (millisecondsOf(of) > slowest) return;
    const known = of.minima ?? (of.minimum === undefined ? [] : [of.minimum]);
    this.#live =
      of.start.length === 1
        ? new LiveProfile((x) => of.value(Float64Array.of(x)), known)
        : new LiveLandscape((x, y) => of.value(Float64Array.of(x, y)), known);
  }

  /** Takes in a point. While those come that the record holds already, nothing is written. */
  visit(method: number, x: readonly number[], value: number, isRecorded: boolean): void {
    this.#held = this.#live?.visit(method, x, value) ?? this.#held;
    if (this.#held === undefined || isRecorded) return;
    this.recorder.append(this.#held);
    this.#held = undefined;
  }
}

/** The time of one value at the start: the least of three, as the first one compiles. */
function millisecondsOf(of: TestFunction): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const x = Float64Array.from(of.start);
    const begin = performance.now();
    of.value(x);
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}
