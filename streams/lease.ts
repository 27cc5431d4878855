import type { Algebra, State } from '../src/index.js';

/** Up to this many arrays a comparison of all pairs is faster than a Set. */
const few = 32;

/** Arrays that are lent for a while: until the frame in flight ends, or until nobody works with them. */
export class Lease<T> {
  readonly #lent: T[] = [];
  readonly #kept: T[] = []; // emptied after each use: a new list each step costs more than the search in it

  constructor(readonly algebra: Algebra<T>) {}

  /** Notes the arrays of a tree or state. */
  lend(tree: State<T> | undefined): void {
    gather(this.algebra, tree, this.#lent);
  }

  /** Has the next `end` or `releaseNow` spare the arrays of a tree or state. */
  keep(tree: State<T>): void {
    gather(this.algebra, tree, this.#kept);
  }

  /** Frees all that was lent, each array once, save what is kept. */
  end(): void {
    release(this.algebra, this.#lent, this.#kept);
  }

  /** The same after a failure, whose cause may be that somebody else has freed some of it. */
  abandon(): void {
    for (const array of new Set(this.#lent)) {
      try {
        this.algebra.release(array);
      } catch {} // the failure itself is told already
    }
    this.#lent.length = 0;
  }

  /** Frees the arrays of a tree that was not lent, save those that were, or that are kept. */
  releaseNow(tree: State<T>): void {
    const gone: T[] = [];
    gather(this.algebra, tree, gone);
    for (let i = 0; i < this.#lent.length; i++) this.#kept.push(this.#lent[i]);
    release(this.algebra, gone, this.#kept);
  }
}

/** Appends the arrays of a tree or state to `found`. */
function gather<T>(algebra: Algebra<T>, node: State<T> | undefined, found: T[]): void {
  if (algebra.isArray(node)) found.push(node);
  else if (Array.isArray(node)) for (let i = 0; i < node.length; i++) gather(algebra, node[i], found);
  else if (node !== null && typeof node === 'object') {
    for (const key in node) gather(algebra, (node as { [key: string]: State<T> })[key], found);
  }
}

/** Releases each array of `lent` once, save those in `kept`, and empties both lists. */
function release<T>(algebra: Algebra<T>, lent: T[], kept: T[]): void {
  if (lent.length > few) {
    const alive = new Set(kept);
    for (const array of new Set(lent)) if (!alive.has(array)) algebra.release(array);
  } else {
    for (let i = 0; i < lent.length; i++) {
      const array = lent[i];
      if (kept.indexOf(array) < 0 && lent.indexOf(array) === i) algebra.release(array);
    }
  }
  lent.length = 0;
  kept.length = 0;
}
