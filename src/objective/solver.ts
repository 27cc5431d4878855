import type { Options } from '../algebra/options.js';
import type { Evaluations } from './evaluations.js';
import type { Iterate } from './iterate.js';
import type { MeasureDescription, Readings } from './measure.js';
import type { Outcome } from './outcome.js';

/** A method that minimizes a function of n variables on the host, evaluating as it needs. */
export interface Solver {
  readonly name: string;
  readonly options: Options;
  /** What its iterations measure. */
  readonly measures?: readonly MeasureDescription[];
  /** Whether it stays inside `evaluations.box` where there is one; others are refused where bounds are given. */
  readonly bounded?: true;
  /** Begins at an iterate whose value and gradient are known and finite, and which it then moves. */
  start(evaluations: Evaluations, at: Iterate): Iteration;
}

/** One run of a solver. */
export interface Iteration {
  /** Moves the iterate on, or answers why it cannot; the iterate then stands at the best point known. */
  advance(): Outcome | undefined;
  /** Asked when the iterations are used up: what went wrong that no step has shown, such as a memory that overflowed. */
  trouble?(): Outcome | undefined;
  /** What is worth watching after an iteration, such as the step length or the damping; NaN where it was not made. */
  readonly measures?: Readings;
  /** What those that are no bare numbers are counted in. */
  readonly dimensions?: Readonly<Record<string, Dimension>>;
}

/** The powers of a unit of x and of one of f in a measure: a radius is {x: 1}, a damping {x: −2, value: 1}. */
export interface Dimension {
  readonly x?: number;
  readonly value?: number;
}
