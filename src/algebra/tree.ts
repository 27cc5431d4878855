import type { Algebra } from './algebra.js';

/** Parameters, gradients and updates: an array, or a list or record of trees. */
export type Tree<T> = T | readonly Tree<T>[] | { readonly [name: string]: Tree<T> };

/** What a transform remembers: a tree that may also hold plain values, so that it can be saved and counted. */
export type State<T> =
  | T
  | number
  | string
  | boolean
  | null
  | readonly State<T>[]
  | { readonly [name: string]: State<T> };

/**
 * Maps trees of one structure leaf by leaf: `mapTree(algebra, f, x, y)` has the leaves `f(xᵢ, yᵢ)`.
 *
 * @throws TypeError naming the path at which a later tree lacks what the first one has
 * @example mapTree(float64, (p, u) => float64.add(p, u), parameters, update)
 */
export function mapTree<T>(
  algebra: Algebra<T>,
  f: (...leaves: T[]) => T,
  tree: Tree<T>,
  ...others: Tree<T>[]
): Tree<T> {
  if (algebra.isArray(tree)) return f(tree, ...(others as T[])); // the common case, free of path keeping
  return mapNode(algebra, f, [tree, ...others], '');
}

function mapNode<T>(algebra: Algebra<T>, f: (...leaves: T[]) => T, nodes: Tree<T>[], path: string): Tree<T> {
  const first = nodes[0];
  if (algebra.isArray(first)) {
    for (let i = 1; i < nodes.length; i++) {
      if (!algebra.isArray(nodes[i])) throw mismatch(path, 'an array in every tree');
    }
    return f(...(nodes as T[]));
  }
  if (Array.isArray(first)) {
    const mapped: Tree<T>[] = [];
    for (let i = 0; i < first.length; i++) mapped.push(mapChild(algebra, f, nodes, i, path));
    return mapped;
  }
  const mapped: { [name: string]: Tree<T> } = {};
  for (const key of Object.keys(first as object)) mapped[key] = mapChild(algebra, f, nodes, key, path);
  return mapped;
}

function mapChild<T>(
  algebra: Algebra<T>,
  f: (...leaves: T[]) => T,
  nodes: Tree<T>[],
  key: string | number,
  path: string,
): Tree<T> {
  const below = join(path, key);
  const children: Tree<T>[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const child = (nodes[i] as { [key: string | number]: Tree<T> })?.[key];
    if (child === undefined) throw mismatch(below, 'the same structure in every tree');
    children.push(child);
  }
  return mapNode(algebra, f, children, below);
}

/** The arrays of a tree or state in a fixed order, each with its path: record keys and list positions joined by '/'. */
export function entries<T>(algebra: Algebra<T>, tree: State<T>, path = ''): [path: string, leaf: T][] {
  const found: [string, T][] = [];
  collect(algebra, tree, path, found);
  return found;
}

function collect<T>(algebra: Algebra<T>, node: State<T>, path: string, found: [string, T][]): void {
  if (algebra.isArray(node)) found.push([path, node]);
  else if (node !== null && typeof node === 'object') {
    for (const key of Object.keys(node)) {
      collect(algebra, (node as { [key: string]: State<T> })[key], join(path, key), found);
    }
  }
}

/** The arrays of a tree or state, in the order of {@link entries}. */
export function leaves<T>(algebra: Algebra<T>, tree: State<T>): T[] {
  const found: T[] = [];
  gather(algebra, tree, found);
  return found;
}

function gather<T>(algebra: Algebra<T>, node: State<T>, found: T[]): void {
  if (algebra.isArray(node)) found.push(node);
  else if (Array.isArray(node)) for (let i = 0; i < node.length; i++) gather(algebra, node[i], found);
  else if (node !== null && typeof node === 'object') {
    for (const child of Object.values(node as { [key: string]: State<T> })) gather(algebra, child, found);
  }
}

export function zerosLike<T>(algebra: Algebra<T>, tree: Tree<T>): Tree<T> {
  return mapTree(algebra, (x) => algebra.fill(algebra.shape(x), 0), tree);
}

/** Σ over all leaves of Σ xᵢyᵢ, 0-d. */
export function treeDot<T>(algebra: Algebra<T>, x: Tree<T>, y: Tree<T>): T {
  if (algebra.isArray(x)) return algebra.dot(x, y as T);
  const products = leaves(
    algebra,
    mapTree(algebra, (a, b) => algebra.dot(a, b), x, y),
  );
  if (products.length === 0) return algebra.fill([], 0);
  return products.reduce((total, product) => algebra.add(total, product));
}

/** Releases every array of `tree` that is not also an array of `kept`. */
export function releaseExcept<T>(algebra: Algebra<T>, tree: State<T>, kept: State<T>): void {
  const gone = leaves(algebra, tree);
  const alive = leaves(algebra, kept);
  if (gone.length > few) {
    const lasting = new Set(alive);
    for (const leaf of new Set(gone)) if (!lasting.has(leaf)) algebra.release(leaf);
  } else {
    for (let i = 0; i < gone.length; i++) {
      if (!alive.includes(gone[i]) && gone.indexOf(gone[i]) === i) algebra.release(gone[i]);
    }
  }
}

/** Up to so many arrays, comparing each with each is faster than sets. */
const few = 8;

function join(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}/${key}`;
}

function mismatch(path: string, expected: string): TypeError {
  return new TypeError(`tree(${path || 'root'}): expected ${expected}`);
}
