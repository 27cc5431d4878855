import {
  type Algebra,
  type Objective,
  type Outcome,
  Random,
  restore,
  type Saved,
  type State,
  save,
  type Tree,
} from '../src/index.js';
import { onBatch, type Problem } from '../src/objective/problem.js';
import { allFinite, remembersNonFinite } from '../src/transforms/memory.js';
import type { Cursor, usedUp } from './batches.js';
import { type Checkpoint, fits, sameShapes } from './checkpoint.js';
import { Lease } from './lease.js';
import { readSlots } from './saved-slots.js';
import { Slots } from './slots.js';

/** What one run owns: parameters, operator states, random numbers, its place in the data. */
export class Run<T, B> {
  readonly algebra: Algebra<T>;
  readonly objective: Objective<T>;
  readonly slots: Slots<T>;
  readonly random: Random;
  #parameters: Tree<T>;
  /** Those a step before, whose loss was finite: kept until that of the new ones is known to be; null at first. */
  #previous: Tree<T> | null = null;
  readonly #seed: number;
  #step = 0;
  #evaluations = 0;
  #batch: { readonly value: B } | null = null;
  /** Whether parameters and operator states fit each other: not while a step is under way, or after one failed. */
  #whole = true;
  #ending: Outcome | null = null;
  readonly #lease: Lease<T>;
  readonly #keep = (state: State<T>) => this.#lease.keep(state);
  #busy = 0;
  #closing: 'no' | 'ended' | 'failed' = 'no';

  constructor(
    readonly problem: Problem<T, B>,
    readonly cursor: Cursor<B>,
    seed: number,
    checkpoint?: Checkpoint,
  ) {
    const { algebra } = problem;
    const random = new Random(seed);
    const start = () => problem.start(random.fork('start'));
    this.algebra = algebra;
    this.#seed = checkpoint?.seed ?? seed;
    this.#lease = new Lease(algebra);
    const batch = () => this.#batch?.value as B;
    const evaluated = () => void this.#evaluations++;
    this.objective = onBatch(problem, batch, evaluated);
    if (checkpoint === undefined) {
      this.random = random.fork('run');
      this.slots = new Slots(algebra);
      this.#parameters = algebra.scope(start);
      return;
    }
    fits(checkpoint, problem);
    cursor.restore(checkpoint.batches);
    this.random = Random.restore(checkpoint.random);
    this.#step = checkpoint.step;
    this.#evaluations = checkpoint.evaluations;
    this.slots = new Slots(algebra, readSlots(checkpoint));
    this.#parameters = restore(algebra, checkpoint.parameters) as Tree<T>;
    sameShapes(algebra, this.#parameters, start);
    if (checkpoint.previous !== undefined) this.#previous = restore(algebra, checkpoint.previous) as Tree<T>;
  }

  get parameters(): Tree<T> {
    return this.#parameters;
  }

  /** The next step to take. */
  get step(): number {
    return this.#step;
  }

  /** Evaluations of the loss so far, with or without its gradient. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** Whether there are parameters before the newest ones to go back to. */
  get canMoveBack(): boolean {
    return this.#previous !== null;
  }

  /** The end asked for from outside a step, if any: the run ends before its next step. The first one counts. */
  get ending(): Outcome | null {
    return this.#ending;
  }

  end(outcome: Outcome): void {
    this.#ending ??= outcome;
  }

  /** The next batch, which belongs to who asks until it is given to `begin` or released. */
  nextBatch(): B | typeof usedUp | Promise<B | typeof usedUp> {
    return this.cursor.next();
  }

  /** Begins a step on a batch, which `endLease` gives back. */
  begin(batch: B): void {
    this.#batch = { value: batch };
    this.#whole = false;
  }

  /** Notes arrays that may be freed when the frame in flight has ended. */
  lend(tree: State<T> | undefined): void {
    this.#lease.lend(tree);
  }

  /** Ends the step with new parameters; those before the old ones, which nobody was lent, are freed. */
  moveTo(parameters: Tree<T>): void {
    if (this.#previous !== null) {
      this.slots.eachState(this.#keep);
      this.#lease.releaseNow(this.#previous);
    }
    this.#previous = this.#parameters;
    this.#parameters = parameters;
    this.#step++;
    this.#whole = true;
  }

  /** Goes back to the last parameters with a finite loss, where there are any. */
  moveBack(): void {
    if (this.#previous === null) return;
    this.lend(this.#parameters);
    this.#parameters = this.#previous;
    this.#previous = null;
  }

  /** Frees all that the last frame borrowed and that is no operator's state. */
  endLease(): void {
    this.#lease.keep(this.#parameters);
    if (this.#previous !== null) this.#lease.keep(this.#previous);
    this.slots.eachState(this.#keep);
    this.#lease.end();
    this.#releaseBatch();
  }

  /** Notes that somebody works with the arrays, so that they are not freed until `leave`. */
  enter(): void {
    this.#busy++;
  }

  leave(): void {
    this.#busy--;
    if (this.#closing !== 'no' && this.#busy === 0) this.#free();
  }

  get busy(): boolean {
    return this.#busy > 0;
  }

  /** Frees everything, as soon as nobody works with it. */
  close(how: 'ended' | 'failed'): void {
    if (this.#closing !== 'no') return;
    this.#closing = how;
    if (this.#busy === 0) this.#free();
  }

  /** @throws Error while a step is under way, or after one failed */
  checkpoint(): Checkpoint {
    if (!this.#whole) {
      throw new Error('checkpoint: only between two steps that went well can a run be saved');
    }
    return {
      version: 1,
      problem: this.problem.name,
      seed: this.#seed,
      algebra: this.algebra.name,
      step: this.#step,
      evaluations: this.#evaluations,
      parameters: save(this.algebra, this.#parameters),
      ...(this.#previous !== null && { previous: save(this.algebra, this.#previous) }),
      ...this.slots.save(),
      random: [...this.random.state()],
      batches: this.cursor.state(),
    };
  }

  /** The end of a run an operator of which remembers a NaN or ∞; undefined where none does. */
  spoilt(): Outcome | undefined {
    const { all } = this.slots;
    const states: readonly State<T>[] = all.map(({ state }) => state);
    if (allFinite(this.algebra, states)) return undefined;
    const slot = all.find(({ state }) => !allFinite(this.algebra, state));
    return slot && remembersNonFinite(slot.name, this.#step - 1, 'the last ones, finite');
  }

  /** The parameters for an error to carry; null where they cannot be read, such as when somebody disposed them. */
  rescuedParameters(): Saved {
    try {
      return save(this.algebra, this.#parameters);
    } catch {
      return null;
    }
  }

  #free(): void {
    this.slots.eachState((state) => this.lend(state));
    this.lend(this.#parameters);
    if (this.#previous !== null) this.lend(this.#previous);
    if (this.#closing === 'failed') this.#lease.abandon();
    else this.#lease.end();
    this.#releaseBatch();
    this.cursor.close();
  }

  #releaseBatch(): void {
    if (this.#batch === null) return;
    const { value } = this.#batch;
    this.#batch = null;
    this.cursor.release(value);
  }
}
