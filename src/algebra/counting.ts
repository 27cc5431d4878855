import type { Algebra } from './algebra.js';
import { intercept, type Operation, reading } from './intercept.js';

export interface Counting<T> extends Algebra<T> {
  /** How often each operation ran, by name. */
  readonly counts: ReadonlyMap<Operation, number>;
  /** How many values or arrays of values came to the host: on a GPU each of them stalls the device. */
  reads(): number;
  /** Starts again from 0. */
  reset(): void;
}

/**
 * The same arithmetic, with its operations counted by name.
 *
 * @example
 * const counted = counting(float64);
 * counted.number(counted.sum(counted.fill([3], 1)));
 * counted.counts.get('sum'); // 1
 * counted.reads(); // 1
 */
export function counting<T>(algebra: Algebra<T>): Counting<T> {
  const counts = new Map<Operation, number>();
  const counted = intercept(algebra, (name, run) => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return run();
  });
  return {
    ...counted,
    counts,
    reads: () => reading.reduce((total, name) => total + (counts.get(name) ?? 0), 0),
    reset: () => counts.clear(),
  };
}
