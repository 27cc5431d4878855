import type { Algebra, Objective, Outcome, Random, Readings, Tree } from '../src/index.js';
import type { Need } from '../src/objective/objective.js';
import type { Evaluation } from '../src/objective/problem.js';
import { isAveraging } from '../src/transforms/averaged-parameters.js';
import type { Context } from '../src/transforms/transform.js';
import { missing, returned } from './absent.js';
import type { Run } from './run.js';
import type { Operator } from './slot.js';

/** What a frame shows of its step: arrays, lent, and numbers. */
export abstract class FrameContents<T> implements Context<T> {
  readonly algebra: Algebra<T>;
  readonly random: Random;
  readonly objective: Objective<T>;
  /** xₖ: where loss and gradient were measured. */
  readonly parameters: Tree<T>;
  /** xₖ₊₁: after the update was added; xₖ where none was. */
  readonly nextParameters: Tree<T>;
  /** The loss of the batch at the parameters, 0-d; made, as the gradient is, by `gradient()`. */
  readonly loss: T = missing.loss as T;
  readonly gradient: Tree<T> = missing.gradient as Tree<T>;
  readonly update: Tree<T> = missing.update as Tree<T>;

  /** The loss on the host; NaN until the frame leaves the pipeline, as are the norms. A last frame without a step repeats them. */
  readonly lossValue: number = Number.NaN;
  readonly gradientNorm: number = Number.NaN;
  readonly updateNorm: number = Number.NaN;
  /** What the operators measured, by name, on the host; `operators` tells what each is. Empty until then, too. */
  readonly measures: Readings = {};
  /** Whether the update was added; false in a last frame that took no step. */
  readonly stepped: boolean = false;
  /** Says, in the last frame of a run, how it ended. */
  readonly outcome: Outcome | undefined = undefined;
  readonly evaluation: Evaluation | undefined = undefined;
  /** Counts from 0. */
  readonly step: number;

  readonly #run: Run<T, unknown>;

  constructor(run: Run<T, unknown>) {
    this.#run = run;
    this.step = run.step;
    this.algebra = run.algebra;
    this.random = run.random;
    this.objective = run.objective;
    this.parameters = run.parameters;
    this.nextParameters = run.parameters;
  }

  /**
   * The operators of the pipeline in order, each before those inside it, with their state, and their cost summed over
   * the run so far.
   */
  get operators(): readonly Operator<T>[] {
    return this.#run.slots.all;
  }

  /** What the operators of the pipeline ask of the objective at the step's parameters. */
  get needs(): readonly Need[] {
    return [...this.#run.needs];
  }

  /** Evaluations of the loss in this run so far. */
  get evaluations(): number {
    return this.#run.evaluations;
  }

  /**
   * What the parameters after this step, or their average, are worth on data not trained on; it stays in
   * `evaluation`.
   *
   * @throws Error where the problem cannot tell, or where nothing averages
   */
  evaluate(of: 'parameters' | 'average' = 'parameters'): Evaluation {
    const { problem } = this.#run;
    const ask = problem.evaluate;
    if (ask === undefined) throw new Error(`evaluate: the problem ${problem.name} has no evaluation`);
    const parameters = of === 'parameters' ? this.nextParameters : this.average();
    return (this.own.evaluation ??= this.algebra.scope(() => ask.call(problem, parameters)));
  }

  /**
   * The average of the parameters after this step that the last `weightAverage` or `primalAverage` of the pipeline
   * keeps; lent like the parameters.
   *
   * @throws Error where nothing averages
   */
  average(): Tree<T> {
    const found = this.#run.slots.outer.findLast(({ name }) => isAveraging(name));
    if (found === undefined) {
      throw new Error('evaluate(of): expected a weightAverage or primalAverage in the pipeline, got none');
    }
    return (found.state as { readonly average: Tree<T> }).average;
  }

  /** For the loop: a frame that takes no step has the numbers of the last one that did. */
  repeat({ lossValue, gradientNorm, updateNorm, measures, evaluation }: FrameContents<T>): void {
    Object.assign(this.own, { lossValue, gradientNorm, updateNorm, measures, evaluation });
  }

  /** The arrays go back. */
  protected returnArrays(): void {
    const { own } = this;
    own.parameters = own.nextParameters = own.gradient = own.update = returned as Tree<T>;
    own.loss = returned as T;
  }

  /** This frame to itself, which alone may write to it. */
  protected get own(): { -readonly [K in keyof FrameContents<T>]: FrameContents<T>[K] } {
    return this;
  }
}
