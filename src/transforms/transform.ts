import type { Algebra } from '../algebra/algebra.js';
import type { Options } from '../algebra/options.js';
import type { Random } from '../algebra/random.js';
import type { State, Tree } from '../algebra/tree.js';
import type { MeasureDescription, Measures } from '../objective/measure.js';
import type { Need, Objective } from '../objective/objective.js';
import type { Outcome } from '../objective/outcome.js';
import type { Route } from './layer-routing.js';

/** What one step of training lends to each transform. Nothing in it may be changed or released. */
export interface Context<T> {
  readonly algebra: Algebra<T>;
  /** What the transforms before this one made of the gradient; the loop adds the last one to the parameters. */
  readonly update: Tree<T>;
  readonly gradient: Tree<T>;
  readonly parameters: Tree<T>;
  /** The loss of this batch at the parameters, 0-d. */
  readonly loss: T;
  /** Counts from 0. */
  readonly step: number;
  readonly random: Random;
  /** The loss on this step's batch, for those that evaluate it again or ask for its curvature. */
  readonly objective?: Objective<T>;
}

/**
 * A pure (init, update) pair: maps an update to an update, and remembers what it must in a state that is a
 * plain tree. It mutates nothing, and returned arrays may be the very ones it was given.
 */
export interface Transform {
  readonly name: string;
  /** What was asked for, as plain values: shown in the graph, compared when a checkpoint is restored. */
  readonly options: Options;
  /** What its steps may report, beside their update. */
  readonly measures?: readonly MeasureDescription[];
  /** What the objective must be able to do; a pipeline whose problem cannot is refused when it starts. */
  readonly needs?: readonly Need[];
  init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T>;
  update<T>(context: Context<T>, state: State<T>): Step<T>;
  /** Which block of a curvature each parameter gets in such a step, and why; told by transforms that have blocks. */
  routes?<T>(context: Context<T>): readonly Route[];
}

export interface Step<T> {
  readonly update: Tree<T>;
  readonly state: State<T>;
  /** Numerical trouble: the run ends with it, and the update is not added. A transform does not throw for it. */
  readonly outcome?: Outcome;
  /** What is worth watching, under the names that the transform's `measures` describe. */
  readonly measures?: Measures<T>;
}

/** The state of a transform that remembers nothing. */
export const stateless = null;

export type { Options, OptionValue } from '../algebra/options.js';
export type { Measure, MeasureDescription, Measures } from '../objective/measure.js';
