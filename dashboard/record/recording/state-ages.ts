import { type Algebra, leaves, type State } from '../../../src/index.js';

interface Held<T> {
  arrays: readonly T[];
  /** The step after which each of them was there first. */
  since: number[];
}

/**
 * How old the states of a pipeline's operators are. A transform changes nothing in place: an array that it passes on as
 * it was is the very same one, and so tells by itself since when nothing was learnt into it, such as an inverse that is
 * made anew every fifth step.
 */
export class StateAges<T> {
  readonly #held: Held<T>[] = [];

  constructor(readonly algebra: Algebra<T>) {}

  /** Looks at the states after a step, one an operator. */
  take(operators: readonly { readonly state: State<T> }[], step: number): void {
    for (let i = 0; i < operators.length; i++) {
      const { state } = operators[i];
      const held = (this.#held[i] ??= { arrays: [], since: [] });
      if (state === null) continue;
      const arrays = leaves(this.algebra, state);
      for (let at = 0; at < arrays.length; at++) {
        if (arrays[at] !== held.arrays[at]) held.since[at] = step;
      }
      held.since.length = arrays.length;
      held.arrays = arrays;
    }
  }

  /** Steps since the oldest array of an operator's state was made anew; undefined where it holds none. */
  of(operator: number, step: number): number | undefined {
    const since = this.#held[operator]?.since ?? [];
    return since.length === 0 ? undefined : step - Math.min(...since);
  }
}
