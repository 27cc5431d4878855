import type { TestFunction } from '../../src/problems/index.js';
import type { LandscapeSampled } from '../events.js';
import { LiveLandscape } from '../plot/index.js';
import type { Recorder } from './recorder.js';

/** Records the function's landscape, and records it anew when a path leaves the window. */
export class RecordedLandscape {
  readonly #live: LiveLandscape;
  #held: LandscapeSampled | undefined;

  constructor(
    readonly recorder: Recorder,
    of: TestFunction,
  ) {
    const known = of.minima ?? (of.minimum === undefined ? [] : [of.minimum]);
    this.#live = new LiveLandscape((x, y) => of.value(Float64Array.of(x, y)), known);
  }

  /** Takes in a point. While those come that the record holds already, nothing is written. */
  visit(method: number, x: readonly number[], value: number, isRecorded: boolean): void {
    this.#held = this.#live.visit(method, x, value) ?? this.#held;
    if (this.#held === undefined || isRecorded) return;
    this.recorder.append(this.#held);
    this.#held = undefined;
  }
}
