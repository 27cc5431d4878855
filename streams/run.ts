import {
  type Algebra,
  type DeviceLost,
  type Objective,
  type Outcome,
  Random,
  restore,
  type Saved,
  type State,
  save,
  type Tree,
} from '../src/index.js';
import type { Need } from '../src/objective/objective.js';
import { onBatch, type Problem } from '../src/objective/problem.js';
import type { Cursor, usedUp } from './batches.js';
import { type Checkpoint, fits } from './checkpoint.js';
import type { Environment } from './environment.js';
import { HostCopy } from './host-copy.js';
import { Lease } from './lease.js';
import { Occupancy } from './occupancy.js';
import { readSlots } from './saved-slots.js';
import { Slots } from './slots.js';
import { Trajectory } from './trajectory.js';

/** What one run owns: parameters, operator states, random numbers, its place in the data. */
export class Run<T, B> {
  readonly algebra: Algebra<T>;
  readonly objective: Objective<T>;
  readonly slots: Slots<T>;
  /** The operators and their states as they were before the first frame came to any. */
  readonly #before: Pick<Checkpoint, 'pipeline' | 'slots'> = { pipeline: [], slots: [] };
  readonly random: Random;
  /** What the operators of the pipeline ask of the objective. */
  readonly needs = new Set<Need>();
  readonly #trajectory: Trajectory<T>;
  readonly #hostCopy: HostCopy<T>;
  readonly #begin: () => Tree<T>;
  readonly #seed: number;
  #evaluations = 0;
  #batch: { readonly value: B } | null = null;
  #ending: Outcome | null = null;
  readonly #lease: Lease<T>;
  readonly #keep = (state: State<T>) => this.#lease.keep(state);
  readonly #occupancy = new Occupancy<'ended' | 'failed'>((how) => this.#free(how));

  constructor(
    readonly problem: Problem<T, B>,
    readonly cursor: Cursor<B>,
    seed: number,
    readonly environment: Environment,
    checkpoint?: Checkpoint,
  ) {
    const { algebra } = problem;
    const random = new Random(seed);
    const start = () => problem.start(random.fork('start'));
    this.algebra = algebra;
    this.#seed = checkpoint?.seed ?? seed;
    this.#lease = new Lease(algebra);
    this.#hostCopy = new HostCopy(algebra);
    this.#begin = () =>
      checkpoint === undefined ? start() : (restore(algebra, checkpoint.parameters) as Tree<T>);
    const batch = () => this.#batch?.value as B;
    const evaluated = () => void this.#evaluations++;
    this.objective = onBatch(problem, batch, evaluated);
    if (checkpoint === undefined) {
      this.random = random.fork('run');
      this.slots = new Slots(algebra);
      this.#trajectory = new Trajectory(algebra.scope(start));
      return;
    }
    fits(checkpoint, problem);
    cursor.restore(checkpoint.batches);
    this.random = Random.restore(checkpoint.random);
    this.#evaluations = checkpoint.evaluations;
    this.#before = { pipeline: checkpoint.pipeline, slots: checkpoint.slots };
    const hasMet = checkpoint.pipeline.length > 0; // else the run was stopped before its first step
    this.slots = new Slots(algebra, hasMet ? readSlots(checkpoint) : undefined);
    this.#trajectory = Trajectory.restore(algebra, checkpoint, start);
  }

  get parameters(): Tree<T> {
    return this.#trajectory.parameters;
  }

  /** The next step to take. */
  get step(): number {
    return this.#trajectory.step;
  }

  /** Evaluations of the loss so far, with or without its gradient. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** Whether there are parameters before the newest ones to go back to. */
  get canMoveBack(): boolean {
    return this.#trajectory.previous !== null;
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
    this.#trajectory.beginStep();
  }

  /** Notes arrays that may be freed when the frame in flight has ended. */
  lend(tree: State<T> | undefined): void {
    this.#lease.lend(tree);
  }

  /** Ends the step with new parameters; those before the old ones, which nobody was lent, are freed. */
  moveTo(parameters: Tree<T>): void {
    const { previous } = this.#trajectory;
    if (previous !== null) {
      this.slots.eachState(this.#keep);
      this.#lease.releaseNow(previous);
    }
    this.#trajectory.moveTo(parameters);
    this.#hostCopy.ask(this.step, parameters);
  }

  /** Goes back to the last parameters with a finite loss, where there are any. */
  moveBack(): void {
    if (!this.canMoveBack) return;
    this.lend(this.parameters);
    this.#trajectory.moveBack();
  }

  /** Goes back to the newest parameters that the host knows, and says how the run ends. */
  recover({ message }: DeviceLost): Outcome {
    const { newest } = this.#hostCopy;
    const known = newest === undefined ? this.#begin() : restore(this.algebra, newest.parameters);
    this.#trajectory.each((parameters) => this.lend(parameters));
    this.#trajectory.replace(known as Tree<T>);
    const kept = newest === undefined ? 'those it began with' : `those before step ${newest.step}`;
    return { kind: 'deviceLost', message: `${message}; the parameters are ${kept}`, step: this.step };
  }

  /** Frees all that the last frame borrowed and that is no operator's state. */
  endLease(): void {
    this.#trajectory.each(this.#keep);
    this.slots.eachState(this.#keep);
    this.#lease.end();
    this.#releaseBatch();
  }

  /** Notes that somebody works with the arrays, so that they are not freed until `leave`. */
  enter(): void {
    this.#occupancy.enter();
  }

  leave(): void {
    this.#occupancy.leave();
  }

  get busy(): boolean {
    return this.#occupancy.busy;
  }

  /** Frees everything, as soon as nobody works with it. */
  close(how: 'ended' | 'failed'): void {
    this.#occupancy.close(how);
  }

  /** @throws Error while a step is under way, or after one failed */
  checkpoint(): Checkpoint {
    if (!this.#trajectory.whole) {
      throw new Error('checkpoint: only between two steps that went well can a run be saved');
    }
    return {
      version: 1,
      problem: this.problem.name,
      seed: this.#seed,
      algebra: this.algebra.name,
      step: this.step,
      evaluations: this.#evaluations,
      ...this.#trajectory.save(this.algebra),
      ...(this.slots.outer.length === 0 ? this.#before : this.slots.save()),
      random: [...this.random.state()],
      batches: this.cursor.state(),
    };
  }

  /** The parameters for an error to carry; null where they cannot be read, such as when somebody disposed them. */
  rescuedParameters(): Saved {
    try {
      return save(this.algebra, this.parameters);
    } catch {
      return null;
    }
  }

  #free(how: 'ended' | 'failed'): void {
    this.slots.eachState((state) => this.lend(state));
    this.#trajectory.each((parameters) => this.lend(parameters));
    if (how === 'failed') this.#lease.abandon();
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
