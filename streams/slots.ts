import {
  type Algebra,
  type MeasureDescription,
  type Options,
  restore,
  type State,
  type Tree,
} from '../src/index.js';
import { distinct } from '../src/objective/measure.js';
import type { Checkpoint } from './checkpoint.js';
import { type SavedSlot, sameOperator, saveSlots } from './saved-slots.js';
import { type Init, Slot } from './slot.js';

/** An operator as it introduces itself when a frame comes to it. */
export interface Introduction<T> {
  readonly name: string;
  readonly init: Init<T>;
  readonly options: Options;
  readonly measures: readonly MeasureDescription[];
}

/**
 * The memory of all operators of a run. Nobody lists the operators of a pipeline: each gets its slot when the
 * first frame comes to it, at the next free place, and is expected there from then on.
 */
export class Slots<T> {
  /** In the order of the pipeline; operators inside another one stand in its `inner`. */
  readonly outer: Slot<T>[] = [];
  readonly #measures: MeasureDescription[] = [];
  /** The states of a checkpoint by the level they belong to, until their operators are met. */
  readonly #saved: { readonly level: readonly Slot<T>[]; readonly slots: readonly SavedSlot[] }[] = [];

  constructor(
    readonly algebra: Algebra<T>,
    saved?: readonly SavedSlot[],
  ) {
    if (saved !== undefined) this.#saved.push({ level: this.outer, slots: saved });
  }

  /** All slots, each before those inside it. */
  get all(): readonly Slot<T>[] {
    const flat = (slots: readonly Slot<T>[]): Slot<T>[] =>
      slots.flatMap((slot) => [slot, ...flat(slot.inner)]);
    return flat(this.outer);
  }

  /**
   * The slot at a place of a level, made for `operator` where there is none yet.
   *
   * @throws TypeError where another operator stood before, or in the checkpoint
   */
  at(level: Slot<T>[], index: number, operator: Introduction<T>, parameters: Tree<T>): Slot<T> {
    const there = level[index];
    if (there === undefined) return this.#make(level, index, operator, parameters);
    if (there.name === operator.name) return there;
    throw new TypeError(
      `expected ${there.name} as operator ${index + 1} of the pipeline, as in earlier steps, got ` +
        `${operator.name}; to lead frames round operators use skipWhen`,
    );
  }

  #make(level: Slot<T>[], index: number, operator: Introduction<T>, parameters: Tree<T>): Slot<T> {
    const { algebra } = this;
    const { name, options, init, measures } = operator;
    const saved = this.#saved.find((entry) => entry.level === level)?.slots;
    if (saved !== undefined) sameOperator(index, saved[index], { name, options });
    const before = saved?.[index];
    const state: State<T> =
      before === undefined ? algebra.scope(() => init(parameters, algebra)) : restore(algebra, before.state);
    const given = distinct(this.#measures, measures);
    this.#measures.push(...given);
    const slot = new Slot(name, options, algebra, state, measures, given);
    level.push(slot);
    if (before !== undefined && before.inner.length > 0) {
      this.#saved.push({ level: slot.inner, slots: before.inner });
    }
    return slot;
  }

  /**
   * After the first frame of a restored run: every operator of the checkpoint must have been met.
   *
   * @throws TypeError where one is missing
   */
  allRestored(): void {
    const saved = this.#saved.find(({ level }) => level === this.outer)?.slots;
    if (saved !== undefined && saved.length > this.outer.length) {
      sameOperator(this.outer.length, saved[this.outer.length], undefined);
    }
  }

  /** Calls `visit` with every state. */
  eachState(visit: (state: State<T>) => void, level: readonly Slot<T>[] = this.outer): void {
    for (let i = 0; i < level.length; i++) {
      visit(level[i].state);
      if (level[i].inner.length > 0) this.eachState(visit, level[i].inner);
    }
  }

  save(): Pick<Checkpoint, 'pipeline' | 'slots'> {
    return saveSlots(this.outer);
  }
}
