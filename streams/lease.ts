import type { Algebra, State } from '../src/index.js';

/** Up to this many arrays a comparison of all pairs is faster than a Set. */
const few = 32;

/** Appends the arrays of a tree or state to `found`. */
export function gather<T>(algebra: Algebra<T>, node: State<T> | undefined, found: T[]): void {
  if (algebra.isArray(node)) found.push(node);
  else if (Array.isArray(node)) for (let i = 0; i < node.length; i++) gather(algebra, node[i], found);
  else if (node !== null && typeof node === 'object') {
    for (const key in node) gather(algebra, (node as { [key: string]: State<T> })[key], found);
  }
}

/** Releases each array of `lent` once, save those in `kept`, and empties both lists. */
export function settle<T>(algebra: Algebra<T>, lent: T[], kept: T[]): void {
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
