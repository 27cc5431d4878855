import { lowerBound } from '../../../record/column.js';
import type { MethodRecord } from './method-record.js';

/** How fast a method goes and how long it still needs. */
export interface Pace {
  readonly taken: number;
  /** Steps a second over the last few seconds of the run. */
  readonly rate: number | undefined;
  /** Time inside a step, the mean over the same stretch. */
  readonly millisecondsPerStep: number | undefined;
  readonly secondsLeft: number | undefined;
}

/** Seconds of the recent past that a rate is taken over, and the fewest steps. */
const stretch = 5;
const fewest = 10;

export function pace(method: MethodRecord, total: number): Pace {
  const { taken } = method;
  const { steps, seconds } = method.places;
  const count = steps.length;
  if (count < 2) {
    return {
      taken,
      rate: undefined,
      millisecondsPerStep: count === 1 ? mean(method, 0) : undefined,
      secondsLeft: undefined,
    };
  }
  const from = Math.max(0, Math.min(lowerBound(seconds, seconds.last - stretch), count - fewest));
  const elapsed = seconds.last - seconds.at(from);
  const rate = elapsed > 0 ? (steps.last - steps.at(from)) / elapsed : undefined;
  const secondsLeft = rate && method.outcome === undefined ? Math.max(0, total - taken) / rate : undefined;
  return { taken, rate, millisecondsPerStep: mean(method, from), secondsLeft };
}

/** By the sums that the places keep: the stretch may hold a million steps. */
function mean({ milliseconds, taken, places }: MethodRecord, from: number): number {
  return (milliseconds - 1000 * places.work.at(from)) / (taken - places.steps.at(from));
}
