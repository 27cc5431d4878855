import {
  type Algebra,
  leaves,
  type MeasureDescription,
  type Options,
  type State,
  type Tree,
} from '../src/index.js';

/** A state to begin with, of arrays of its own or the parameters' themselves. */
export type Init<T> = (parameters: Tree<T>, algebra: Algebra<T>) => State<T>;

/** What a run keeps of one operator of its pipeline: its state between frames, and what it has cost. */
export class Slot<T> {
  /** The operators inside this one, such as those that `skipWhen` leads round. */
  readonly inner: Slot<T>[] = [];
  #frames = 0;
  #milliseconds = 0;

  constructor(
    readonly name: string,
    readonly options: Options,
    readonly algebra: Algebra<T>,
    /** What the operator remembers; to change it, put a new one here. */
    public state: State<T>,
    /** What the operator calls its measures, */
    readonly own: readonly MeasureDescription[] = [],
    /** and, in the same order, what they are called in the frames. */
    readonly measures: readonly MeasureDescription[] = own,
  ) {}

  /** Frames it has worked on, */
  get frames(): number {
    return this.#frames;
  }

  /** and the time that took. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** Counts a frame, and the time the work on it took. */
  worked(milliseconds: number): void {
    this.#frames++;
    this.#milliseconds += milliseconds;
  }

  /** Arrays held as state. */
  get arrays(): number {
    return leaves(this.algebra, this.state).length;
  }

  /** Bytes held as state. */
  get bytes(): number {
    return bytesOf(this.algebra, this.state);
  }
}

/** Bytes of all arrays in a tree or state. */
export function bytesOf<T>(algebra: Algebra<T>, state: State<T>): number {
  const width = algebra.epsilon > 2 ** -30 ? 4 : 8;
  let entries = 0;
  for (const array of leaves(algebra, state)) {
    entries += algebra.shape(array).reduce((product, length) => product * length, 1);
  }
  return entries * width;
}

/** An operator of a pipeline as the graph shows it; its state is lent, as a frame's arrays are. */
export type Operator<T = unknown> = Pick<
  Slot<T>,
  'name' | 'options' | 'measures' | 'inner' | 'frames' | 'milliseconds' | 'state' | 'arrays' | 'bytes'
>;
