import {
  type Algebra,
  entries,
  type Measure,
  type MeasureDescription,
  type Objective,
  type Options,
  type Outcome,
  Random,
  releaseExcept,
  restore,
  type Saved,
  type State,
  save,
  type Tree,
} from '../src/index.js';
import { distinct } from '../src/objective/measure.js';
import { onBatch, type Problem } from '../src/objective/problem.js';
import type { Cursor } from './batches.js';
import type { Checkpoint } from './checkpoint.js';
import { gather, settle } from './lease.js';
import { readSlots, type SavedSlot, sameOperator, saveSlots } from './saved-slots.js';
import { Slot } from './slot.js';

/** A state to begin with, of arrays of its own or the parameters' themselves. */
export type Init<T> = (parameters: Tree<T>, algebra: Algebra<T>) => State<T>;

/** What one run owns: parameters, operator states, random numbers, its place in the data. */
export class Run<T, B> {
  readonly algebra: Algebra<T>;
  readonly objective: Objective<T>;
  random: Random;
  parameters: Tree<T>;
  /** Those a step before, whose loss was finite: kept until that of `parameters` is known to be; null at first. */
  previous: Tree<T> | null = null;
  /** The next step to take. */
  step = 0;
  /** Evaluations of the loss so far, with or without its gradient. */
  evaluations = 0;
  batch: B | undefined = undefined;
  readonly slots: Slot<T>[] = [];
  /** Whether parameters and operator states fit each other: not while a step is under way, or after one failed. */
  whole = true;
  /** The frame whose lease has not ended. */
  frame: object | null = null;
  /** Whether a frame is being pushed into the pipeline at this moment. */
  inHead = false;
  /** An end asked for after a frame was given out: the run ends before its next step. */
  ending: Outcome | null = null;

  /** The operators that the frame in flight has passed, and what each made of the update. */
  readonly passed: Slot<T>[] = [];
  readonly outputs: Tree<T>[] = [];
  /** What they measured, not yet read; null where nothing. */
  reported: { [name: string]: Measure<T> } | null = null;

  readonly #measures: MeasureDescription[] = [];
  readonly #lent: T[] = []; // what the frame in flight borrows, and, unless a slot keeps it, is freed after it
  readonly #kept: T[] = [];
  readonly #left: T[] = [];
  #hasBatch = false;
  #busy = 0;
  #closing = false;
  readonly #saved: { level: Slot<T>[]; slots: readonly SavedSlot[] }[] = [];

  constructor(
    readonly problem: Problem<T, B>,
    readonly cursor: Cursor<B>,
    seed: number,
    checkpoint?: Checkpoint,
  ) {
    const { algebra } = problem;
    this.algebra = algebra;
    const random = new Random(seed);
    this.random = random.fork('run');
    if (checkpoint === undefined) {
      this.parameters = algebra.scope(() => problem.start(random.fork('start')));
    } else {
      if (checkpoint.version !== 1) {
        throw new TypeError(
          `train(checkpoint): expected a checkpoint of version 1, got ${checkpoint.version}`,
        );
      }
      sameWord('problem', checkpoint.problem, problem.name);
      sameWord('algebra', checkpoint.algebra, algebra.name);
      cursor.restore(checkpoint.batches);
      this.random = Random.restore(checkpoint.random);
      this.step = checkpoint.step;
      this.evaluations = checkpoint.evaluations;
      this.#saved.push({ level: this.slots, slots: readSlots(checkpoint) });
      this.parameters = restore(algebra, checkpoint.parameters) as Tree<T>;
      sameShapes(algebra, this.parameters, () => problem.start(random.fork('start')));
      if (checkpoint.previous !== undefined) {
        this.previous = restore(algebra, checkpoint.previous) as Tree<T>;
      }
    }
    this.objective = onBatch(
      problem,
      () => this.batch as B,
      () => {
        this.evaluations++;
      },
    );
  }

  lendBatch(batch: B): void {
    this.batch = batch;
    this.#hasBatch = true;
  }

  /** Notes arrays that may be freed when the frame in flight has ended. */
  lend(tree: State<T> | undefined): void {
    gather(this.algebra, tree, this.#lent);
  }

  /** Goes on to new parameters, from such with a finite loss; those before, which nobody was lent, are freed. */
  moveTo(parameters: Tree<T>): void {
    if (this.previous !== null) {
      gather(this.algebra, this.previous, this.#left);
      keep(this.algebra, this.slots, this.#kept);
      for (let i = 0; i < this.#lent.length; i++) this.#kept.push(this.#lent[i]); // a state that became lent
      settle(this.algebra, this.#left, this.#kept);
    }
    this.previous = this.parameters;
    this.parameters = parameters;
  }

  /** Goes back to the last parameters with a finite loss, where there are any. */
  moveBack(): void {
    if (this.previous === null) return;
    this.lend(this.parameters);
    this.parameters = this.previous;
    this.previous = null;
  }

  /** Ends the lease of the last frame: frees all it borrowed that is no operator's state. */
  settle(): void {
    gather(this.algebra, this.parameters, this.#kept);
    if (this.previous !== null) gather(this.algebra, this.previous, this.#kept);
    keep(this.algebra, this.slots, this.#kept);
    settle(this.algebra, this.#lent, this.#kept);
    this.passed.length = 0;
    this.outputs.length = 0;
    this.reported = null;
    this.#releaseBatch();
  }

  /** Notes that an operator works with the arrays, so that they are not freed under it. */
  enter(): void {
    this.#busy++;
  }

  get busy(): boolean {
    return this.#busy > 0;
  }

  leave(): void {
    this.#busy--;
    if (this.#closing && this.#busy === 0) this.#free();
  }

  /** Frees everything, as soon as nobody works with it. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    if (this.#busy === 0) this.#free();
  }

  #free(): void {
    keep(this.algebra, this.slots, this.#lent);
    this.lend(this.parameters);
    if (this.previous !== null) this.lend(this.previous);
    settle(this.algebra, this.#lent, this.#kept);
    this.#releaseBatch();
    this.cursor.close();
  }

  #releaseBatch(): void {
    if (!this.#hasBatch) return;
    this.#hasBatch = false;
    this.cursor.release(this.batch as B);
    this.batch = undefined;
  }

  /**
   * The slot at a place of the pipeline, made when a frame comes there first.
   *
   * @throws TypeError where another operator stood before, or in the checkpoint
   */
  slotAt(
    level: Slot<T>[],
    index: number,
    name: string,
    init: Init<T>,
    options: Options,
    measures: readonly MeasureDescription[],
  ): Slot<T> {
    const there = level[index];
    if (there !== undefined) {
      if (there.name === name) return there;
      throw new TypeError(
        `expected ${there.name} as operator ${index + 1} of the pipeline, as in earlier steps, got ${name}; ` +
          'to lead frames round operators use skipWhen',
      );
    }
    const saved = this.#saved.find((entry) => entry.level === level)?.slots;
    if (saved !== undefined) sameOperator(index, saved[index], { name, options });
    const before = saved?.[index];
    const state =
      before === undefined
        ? this.algebra.scope(() => init(this.parameters, this.algebra))
        : restore(this.algebra, before.state);
    const given = distinct(this.#measures, measures);
    this.#measures.push(...given);
    const slot = new Slot(name, options, this.algebra, state, measures, given);
    level.push(slot);
    if (before !== undefined && before.inner.length > 0) {
      this.#saved.push({ level: slot.inner, slots: before.inner });
    }
    return slot;
  }

  /** After the first frame of a restored run: every operator of the checkpoint must have been met. */
  allRestored(): void {
    const saved = this.#saved.find(({ level }) => level === this.slots)?.slots;
    if (saved !== undefined && saved.length > this.slots.length) {
      sameOperator(this.slots.length, saved[this.slots.length], undefined);
    }
  }

  checkpoint(): Checkpoint {
    if (!this.whole) {
      throw new Error('checkpoint: only between two steps that went well can a run be saved');
    }
    return {
      version: 1,
      problem: this.problem.name,
      algebra: this.algebra.name,
      step: this.step,
      evaluations: this.evaluations,
      parameters: this.savedParameters(),
      ...(this.previous !== null && { previous: save(this.algebra, this.previous) }),
      ...saveSlots(this.slots),
      random: [...this.random.state()],
      batches: this.cursor.state(),
    };
  }

  savedParameters(): Saved {
    return save(this.algebra, this.parameters);
  }

  /** The last operator the frame in flight has reached. */
  stage(): string {
    return this.passed.at(-1)?.name ?? 'pipeline';
  }
}

function keep<T>(algebra: Algebra<T>, slots: readonly Slot<T>[], kept: T[]): void {
  for (let i = 0; i < slots.length; i++) {
    gather(algebra, slots[i].state, kept);
    if (slots[i].inner.length > 0) keep(algebra, slots[i].inner, kept);
  }
}

/** @throws TypeError where restored parameters do not fit the problem; they are released then */
function sameShapes<T>(algebra: Algebra<T>, restored: Tree<T>, start: () => Tree<T>): void {
  const describe = (tree: Tree<T>) =>
    entries(algebra, tree)
      .map(([path, leaf]) => `${path} [${algebra.shape(leaf)}]`)
      .sort()
      .join(', ');
  const expected = algebra.scope(() => describe(start()));
  const got = describe(restored);
  if (expected === got) return;
  releaseExcept(algebra, restored, []);
  throw new TypeError(`train(checkpoint): expected parameters like ${expected}, got ${got}`);
}

function sameWord(what: string, told: string, is: string): void {
  if (told !== is) {
    throw new TypeError(`train(checkpoint): expected a checkpoint of the ${what} '${is}', got '${told}'`);
  }
}
