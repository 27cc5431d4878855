import type { Algebra } from '../algebra/algebra.js';
import { mapTree, releaseExcept, type Tree, treeDot, zerosLike } from '../algebra/tree.js';
import type { Vectors } from './conjugate-gradient-steps.js';
import type { LinearOperator } from './linear-operator.js';

/** Trees of arrays of any arithmetic as vectors: what a vector replaces is released. */
export function treeVectors<T>(algebra: Algebra<T>): Vectors<Tree<T>, LinearOperator<T>> {
  const copy = (v: Tree<T>) => mapTree(algebra, (leaf) => algebra.copy(leaf), v);
  const release = (v: Tree<T>) => releaseExcept(algebra, v, []);
  return {
    copy,
    release,
    zeros: (like) => zerosLike(algebra, like),
    inner: (u, v) => algebra.scope(() => algebra.number(treeDot(algebra, u, v))),
    along(u, a, v, replaced) {
      const sum = mapTree(algebra, (ui, vi) => algebra.combine(1, ui, a, vi), u, v);
      release(replaced);
      return sum;
    },
    // An operator may answer with an array that it keeps, or with v itself.
    apply: (operator, v) => algebra.scope(() => copy(operator.apply(v))),
  };
}
