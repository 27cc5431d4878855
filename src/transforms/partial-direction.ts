import type { Algebra } from '../algebra/algebra.js';
import { replaced } from '../algebra/part.js';
import { entries, type Tree, treeDot } from '../algebra/tree.js';
import { leavesByPath } from '../curvature/layer-block.js';

/** What of a tree a direction has: all of it, or the leaves at these paths alone. */
export interface Direction<T> {
  readonly v: Tree<T>;
  readonly paths?: ReadonlySet<string>;
}

/** The direction as one, or as what is not at the paths and what is, if those are weights of so few inputs. */
export function divided<T>(
  algebra: Algebra<T>,
  direction: Tree<T>,
  mostInputs: number,
  nearest: ReadonlySet<string> = new Set(),
): Direction<T>[] {
  const all = entries(algebra, direction);
  const others = new Set(all.flatMap(([path]) => (nearest.has(path) ? [] : [path])));
  const inputs = all.reduce((sum, [path, leaf]) => sum + (nearest.has(path) ? rowsOf(algebra, leaf) : 0), 0);
  if (others.size === 0 || inputs === 0 || inputs > mostInputs) return [{ v: direction }];
  return [
    { v: direction, paths: others },
    { v: direction, paths: nearest },
  ];
}

/** The inputs of a kernel, all axes but the last, or the one of a bias. */
function rowsOf<T>(algebra: Algebra<T>, leaf: T): number {
  return algebra
    .shape(leaf)
    .slice(0, -1)
    .reduce((product, length) => product * length, 1);
}

/** The inner product over the leaves that both have. */
export function dotOver<T>(algebra: Algebra<T>, a: Direction<T>, b: Direction<T>): T {
  const shared = [a.paths, b.paths].filter((paths) => paths !== undefined);
  if (shared.length === 0) return treeDot(algebra, a.v, b.v);
  const others = leavesByPath(algebra, b.v);
  const products = entries(algebra, a.v)
    .filter(([path]) => shared.every((paths) => paths.has(path)))
    .map(([path, leaf]) => algebra.dot(leaf, others.get(path)!));
  return products.reduce((sum, product) => algebra.add(sum, product), algebra.fill([], 0));
}

/** Σ wᵢdᵢ over the parts of a direction, and the last weight times the last step. */
export function combined<T>(
  algebra: Algebra<T>,
  direction: Tree<T>,
  parts: readonly Direction<T>[],
  weights: Float64Array,
  last: Tree<T> | undefined,
): Tree<T> {
  const before = last && leavesByPath(algebra, last);
  const found: { [path: string]: T } = {};
  for (const [path, leaf] of entries(algebra, direction)) {
    const weight = weights[parts.findIndex(({ paths }) => paths === undefined || paths.has(path))];
    found[path] =
      before === undefined
        ? algebra.mul(leaf, weight)
        : algebra.combine(weight, leaf, weights[weights.length - 1], before.get(path)!);
  }
  return replaced(algebra, direction, found);
}
