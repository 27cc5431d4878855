import { type Algebra, restore, save, type Tree } from '../src/index.js';
import { type Checkpoint, sameShapes } from './checkpoint.js';

/** Where a run stands among its parameters: the newest, and those a step before, to which it can go back once. */
export class Trajectory<T> {
  #parameters: Tree<T>;
  /** Those a step before, whose loss was finite: kept until that of the new ones is known to be; null at first. */
  #previous: Tree<T> | null = null;
  #step = 0;
  /** Whether parameters and operator states fit each other: not while a step is under way, or after one failed. */
  #whole = true;

  constructor(parameters: Tree<T>) {
    this.#parameters = parameters;
  }

  /** @throws TypeError where the checkpoint's parameters do not look like those of `start` */
  static restore<T>(algebra: Algebra<T>, checkpoint: Checkpoint, start: () => Tree<T>): Trajectory<T> {
    const { parameters, previous, step } = checkpoint;
    const trajectory = new Trajectory(restore(algebra, parameters) as Tree<T>);
    sameShapes(algebra, trajectory.parameters, start);
    if (previous !== undefined) trajectory.#previous = restore(algebra, previous) as Tree<T>;
    trajectory.#step = step;
    return trajectory;
  }

  get parameters(): Tree<T> {
    return this.#parameters;
  }

  get previous(): Tree<T> | null {
    return this.#previous;
  }

  /** The next step to take. */
  get step(): number {
    return this.#step;
  }

  get whole(): boolean {
    return this.#whole;
  }

  beginStep(): void {
    this.#whole = false;
  }

  /** Ends the step with new parameters. */
  moveTo(parameters: Tree<T>): void {
    this.#previous = this.#parameters;
    this.#parameters = parameters;
    this.#step++;
    this.#whole = true;
  }

  /** Goes back to the previous parameters. */
  moveBack(): void {
    if (this.#previous === null) return;
    this.#parameters = this.#previous;
    this.#previous = null;
  }

  /** Puts others in their place, to which no step leads on. */
  replace(parameters: Tree<T>): void {
    this.#parameters = parameters;
    this.#previous = null;
    this.#whole = false;
  }

  /** Calls `visit` with all that is kept. */
  each(visit: (parameters: Tree<T>) => void): void {
    visit(this.#parameters);
    if (this.#previous !== null) visit(this.#previous);
  }

  save(algebra: Algebra<T>): Pick<Checkpoint, 'parameters' | 'previous'> {
    return {
      parameters: save(algebra, this.#parameters),
      ...(this.#previous !== null && { previous: save(algebra, this.#previous) }),
    };
  }
}
