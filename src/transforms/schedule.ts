import type { Options } from './transform.js';

/** A number that changes with the count of updates made, from 0. */
export interface Schedule {
  readonly options: Options;
  at(count: number): number;
}
