import type { Algebra } from '../algebra/algebra.js';
import type { Options } from '../algebra/options.js';
import type { State, Tree } from '../algebra/tree.js';
import type { Work } from '../algebra/work.js';
import type { MeasureDescription, Measures } from '../objective/measure.js';
import type { Need } from '../objective/objective.js';
import type { Outcome } from '../objective/outcome.js';
import type { Route } from './layer-routing.js';
import type { Context } from './transform.js';

/**
 * A curvature that is estimated as a run goes on, and solved with under a damping that another decides on: the half
 * that `precondition` (a constant damping) and `quadraticSteps` (an adaptive one) share.
 */
export interface Preconditioner {
  readonly name: string;
  readonly options: Options;
  readonly needs: readonly Need[];
  readonly measures: readonly MeasureDescription[];
  init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T>;
  /** Learns from this step's batch. */
  observe<T>(context: Context<T>, state: State<T>): State<T>;
  /** Makes ready to solve with this damping where that is due, or where it is asked for. */
  refresh<T>(context: Context<T>, state: State<T>, damping: number, force: boolean): Ready<T>;
  /** Which block each parameter gets in such a step, and why, where there are any. */
  routes?<T>(context: Context<T>): readonly Route[];
  /** Where `refresh` is done beside the steps. */
  readonly beside?: Beside;
  /** The parameters of the layer nearest to the outputs, where it is known: its block leaves out the least. */
  nearest?<T>(context: Context<T>, state: State<T>): ReadonlySet<string>;
  /** (C + λI)⁻¹u, with what was made ready last. */
  solve<T>(context: Context<T>, state: State<T>, damping: number): Tree<T>;
}

/** A refresh that can be done beside the steps. */
export interface Beside {
  readonly work: Work;
  /** s ≥ 1: what is asked for at a step is adopted s steps after. */
  readonly delay: number;
  /** Whether there is something to solve with already; where there is not, the refresh is done in place. */
  ready<T>(state: State<T>): boolean;
  /** What the work needs, where a refresh is due or asked for. */
  request<T>(state: State<T>, damping: number, force: boolean): State<T> | undefined;
  /** Takes the answer to a request. */
  adopt<T>(algebra: Algebra<T>, state: State<T>, answer: State<T>): Ready<T>;
}

export interface Ready<T> {
  readonly state: State<T>;
  readonly outcome?: Outcome;
  readonly measures?: Measures<T>;
}
