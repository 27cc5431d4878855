import type { Algebra } from './algebra.js';
import { entries, mapTree, type Tree } from './tree.js';

/** The chosen leaves of a tree as a flat record from path to array. */
export function part<T>(
  algebra: Algebra<T>,
  tree: Tree<T>,
  selects: (path: string, shape: readonly number[]) => boolean,
): Tree<T> {
  const chosen: { [path: string]: Tree<T> } = {};
  for (const [path, leaf] of entries(algebra, tree)) {
    if (!selects(path, algebra.shape(leaf))) continue;
    if (path in chosen) {
      throw new TypeError(`tree(${path}): expected paths that differ, got two leaves of this path`);
    }
    chosen[path] = leaf;
  }
  return chosen;
}

/** The tree with those of its leaves replaced that `record`, made by {@link part}, has. */
export function replaced<T>(algebra: Algebra<T>, tree: Tree<T>, record: Tree<T>): Tree<T> {
  const leaves = record as { readonly [path: string]: T };
  const paths = entries(algebra, tree).map(([path]) => path);
  let at = 0; // leaves are visited in the order of `entries`
  return mapTree(
    algebra,
    (leaf) => {
      const path = paths[at++];
      return Object.hasOwn(leaves, path) ? leaves[path] : leaf;
    },
    tree,
  );
}
