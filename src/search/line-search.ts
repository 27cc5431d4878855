import type { Options } from '../algebra/options.js';
import type { Line } from './line.js';

/**
 * How a search along a line ended. `found`: the line stands at a step that keeps the search's promise.
 * `precision`: no step of representable decrease was found, f being flat to rounding. `noDecrease`: the
 * direction ascends, or the trials ran out. `nonFinite`: every trial down to the shortest was NaN or ∞.
 * `unbounded`: f still falls at the longest step allowed.
 */
export type SearchEnd = 'found' | 'precision' | 'noDecrease' | 'nonFinite' | 'unbounded';

/** Decides how far to go along a direction. */
export interface LineSearch {
  readonly name: string;
  readonly options: Options;
  /** `first` is the step to try first, `longest` one not to exceed. The line is left at the chosen step. */
  search(line: Line, first: number, longest: number): SearchEnd;
}
