import type { Algebra } from './algebra.js';
import { leaves, mapTree, type Tree } from './tree.js';

/** How many numbers an array holds. */
export function sizeOf<T>(algebra: Algebra<T>, x: T): number {
  return algebra.shape(x).reduce((product, length) => product * length, 1);
}

/** How many numbers a tree holds. */
export function treeSize<T>(algebra: Algebra<T>, tree: Tree<T>): number {
  return leaves(algebra, tree).reduce((sum, leaf) => sum + sizeOf(algebra, leaf), 0);
}

/**
 * A tree as one vector on the host: its leaves in the order of `entries`, each row-major. Reads every leaf.
 *
 * @example flatten(float64, { a: float64.array([1, 2], [2]), b: float64.array([3], []) }) // [1, 2, 3]
 */
export function flatten<T>(algebra: Algebra<T>, tree: Tree<T>): Float64Array {
  const flat = new Float64Array(treeSize(algebra, tree));
  let at = 0;
  for (const leaf of leaves(algebra, tree)) {
    const values = algebra.values(leaf);
    flat.set(values, at);
    at += values.length;
  }
  return flat;
}

/**
 * The inverse of {@link flatten}: new arrays of the shapes of `like`, filled from a vector.
 *
 * @throws RangeError where the lengths differ
 */
export function unflatten<T>(algebra: Algebra<T>, values: Float64Array, like: Tree<T>): Tree<T> {
  const n = treeSize(algebra, like);
  if (values.length !== n) {
    throw new RangeError(`unflatten(values): expected ${n} numbers, got ${values.length}`);
  }
  let at = 0;
  return mapTree(
    algebra,
    (leaf) => {
      const begin = at;
      at += sizeOf(algebra, leaf);
      return algebra.array(values.subarray(begin, at), algebra.shape(leaf));
    },
    like,
  );
}
