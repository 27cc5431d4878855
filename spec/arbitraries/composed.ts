import fc from 'fast-check';

/** What a sample is composed of. Everything shrinks to its simplest, samples in order of drawing. */
export interface Draw {
  /** A whole number in [min, max]; the simplest is the one nearest 0. */
  integer(min: number, max: number): number;
  /** One of several, the first the simplest. */
  from<V>(values: readonly V[]): V;
  /** Whole numbers in [min, max]. */
  integers(length: number, min: number, max: number): number[];
  /**
   * A list, each item drawn by itself. Where the length is drawn too and shrinks, the items that stay are what they
   * were, and so is what is drawn after the list.
   */
  list<V>(length: number, item: (i: number) => V): V[];
}

/**
 * Samples composed by one function of whole numbers.
 *
 * The numbers drawn are kept as a tree, a branch for each list, and that tree is what shrinks: a number goes towards
 * its simplest, the function runs anew, and what it did not draw before is the simplest there is. So all parts of a
 * sample shrink together, however they hang on each other, and a sample costs its numbers and no more: an arbitrary
 * for each number, chained by those before, costs four times as much.
 *
 * @example composed((draw) => draw.integers(draw.integer(1, 4), -9, 9)) // shrinks to [0]
 */
export function composed<V>(make: (draw: Draw) => V): fc.Arbitrary<V> {
  return new Composed(make);
}

/** The numbers drawn in one list or sample, each less its simplest, and the lists in it. */
interface Branch {
  readonly offsets: number[];
  lists: readonly Branch[];
}

/** Most branches have no lists, and a sample has many branches. */
const noLists: readonly Branch[] = [];

/** What is drawn, and with it the place that a smaller sample was found at, where the next is looked for. */
interface Drawn {
  readonly root: Branch;
  readonly place: number;
}

class Composed<V> extends fc.Arbitrary<V> {
  constructor(readonly make: (draw: Draw) => V) {
    super();
  }

  generate(random: fc.Random, bias: number | undefined): fc.Value<V> {
    const root: Branch = { offsets: [], lists: noLists };
    const value = this.make(new Fresh(root, random, bias !== undefined));
    return new fc.Value(value, { root, place: 0 } satisfies Drawn);
  }

  canShrinkWithoutContext(_: unknown): _ is V {
    return false;
  }

  shrink(_: V, context: unknown): fc.Stream<fc.Value<V>> {
    return context === undefined ? fc.Stream.nil() : fc.stream(this.smaller(context as Drawn));
  }

  private *smaller({ root, place }: Drawn): IterableIterator<fc.Value<V>> {
    const count = size(root);
    for (let k = 0; k < count; k++) {
      const at = (place + k) % count;
      const [branch, i] = placeOf(root, at);
      for (const offset of towardsZero(branch.offsets[i])) {
        const next: Branch = { offsets: [], lists: noLists };
        const value = this.make(new Again(next, replaced(root, at, offset)));
        yield new fc.Value(value, { root: next, place: at } satisfies Drawn);
      }
    }
  }
}

abstract class Drawing implements Draw {
  constructor(protected branch: Branch) {}

  abstract integer(min: number, max: number): number;
  /** Goes into a new list; what it answers leads out again. */
  protected abstract enter(): Branch;
  protected abstract leave(outer: Branch): void;

  from<V>(values: readonly V[]): V {
    return values[this.integer(0, values.length - 1)];
  }

  integers(length: number, min: number, max: number): number[] {
    const outer = this.enter();
    const drawn: number[] = [];
    for (let i = 0; i < length; i++) drawn.push(this.integer(min, max));
    this.leave(outer);
    return drawn;
  }

  list<V>(length: number, item: (i: number) => V): V[] {
    const outer = this.enter();
    const drawn: V[] = [];
    for (let i = 0; i < length; i++) {
      const list = this.enter();
      drawn.push(item(i));
      this.leave(list);
    }
    this.leave(outer);
    return drawn;
  }

  /** A new branch of what is being written. */
  protected grown(): Branch {
    const branch: Branch = { offsets: [], lists: noLists };
    const { lists } = this.branch;
    if (lists === noLists) this.branch.lists = [branch];
    else (lists as Branch[]).push(branch);
    return branch;
  }
}

/** One number in so many is drawn from the few simplest: mistakes live there. */
const simplePart = 8;
const fewSimplest = 4;

class Fresh extends Drawing {
  constructor(
    root: Branch,
    private readonly random: fc.Random,
    private readonly biased: boolean,
  ) {
    super(root);
  }

  integer(min: number, max: number): number {
    const simplest = nearestZero(min, max);
    const wide = max - min > 4 * fewSimplest;
    const simple = wide && this.biased && this.random.nextInt(1, simplePart) === 1;
    const low = simple ? Math.max(min, simplest - fewSimplest) : min;
    const high = simple ? Math.min(max, simplest + fewSimplest) : max;
    const value = this.random.nextInt(low, high);
    this.branch.offsets.push(value - simplest);
    return value;
  }

  protected enter(): Branch {
    const outer = this.branch;
    this.branch = this.grown();
    return outer;
  }

  protected leave(outer: Branch): void {
    this.branch = outer;
  }
}

/** Where in the numbers that were drawn before, and in their lists, the next is. */
interface Reading {
  readonly before: Branch | undefined;
  number: number;
  list: number;
}

/** Draws what was drawn before, as far as it fits, and then the simplest. */
class Again extends Drawing {
  private readonly outer: Reading[] = [];
  private reading: Reading;

  constructor(root: Branch, before: Branch) {
    super(root);
    this.reading = { before, number: 0, list: 0 };
  }

  integer(min: number, max: number): number {
    const simplest = nearestZero(min, max);
    const offset = this.reading.before?.offsets[this.reading.number++] ?? 0;
    const value = Math.min(max, Math.max(min, simplest + offset));
    this.branch.offsets.push(value - simplest);
    return value;
  }

  protected enter(): Branch {
    const { branch, reading } = this;
    this.outer.push(reading);
    this.reading = { before: reading.before?.lists[reading.list++], number: 0, list: 0 };
    this.branch = this.grown();
    return branch;
  }

  protected leave(outer: Branch): void {
    this.branch = outer;
    this.reading = this.outer.pop()!;
  }
}

function nearestZero(min: number, max: number): number {
  return Math.min(max, Math.max(min, 0));
}

/** 0, then halfway and nearer and nearer to x; of a negative number first the positive one. */
function* towardsZero(x: number): IterableIterator<number> {
  if (x === 0) return;
  yield 0;
  if (x < 0) yield -x;
  for (let gap = Math.trunc(x / 2); gap !== 0; gap = Math.trunc(gap / 2)) yield x - gap;
}

function size({ offsets, lists }: Branch): number {
  return lists.reduce((total, list) => total + size(list), offsets.length);
}

/** The branch and index of the number at this place, a branch's own numbers before those of its lists. */
function placeOf(branch: Branch, place: number): [branch: Branch, i: number] {
  let at = place;
  if (at < branch.offsets.length) return [branch, at];
  at -= branch.offsets.length;
  for (const list of branch.lists) {
    const count = size(list);
    if (at < count) return placeOf(list, at);
    at -= count;
  }
  throw new RangeError(`composed: nothing is drawn at ${place}`);
}

/** The tree with another number at this place. */
function replaced(branch: Branch, place: number, offset: number): Branch {
  let at = place;
  const offsets = at < branch.offsets.length ? branch.offsets.with(at, offset) : branch.offsets;
  at -= branch.offsets.length;
  const lists = branch.lists.map((list) => {
    const count = size(list);
    const changed = at >= 0 && at < count ? replaced(list, at, offset) : list;
    at -= count;
    return changed;
  });
  return { offsets, lists };
}
