import type { Algebra } from '../algebra/algebra.js';
import { sizeOf } from '../algebra/flatten.js';
import type { Random } from '../algebra/random.js';
import { mapTree, type Tree } from '../algebra/tree.js';
import type { LinearOperator } from './linear-operator.js';

/** A tree of −1 and +1, each with probability ½: Rademacher's probe. */
export function randomSigns<T>(algebra: Algebra<T>, like: Tree<T>, random: Random): Tree<T> {
  return mapTree(algebra, (x) => algebra.array(random.signs(sizeOf(algebra, x)), algebra.shape(x)), like);
}

/**
 * z∘Cz for one Rademacher probe z: an unbiased estimate of the diagonal of a symmetric operator, with variance
 * Σ_{j≠i} C²ᵢⱼ an entry; exact where C is diagonal. Fresh probes come from `random` at every call.
 *
 * Source: Hutchinson 1990; Bekas, Kokiopoulou and Saad 2007.
 *
 * @example hutchinsonDiagonal(curvature, parameters, random)
 */
export function hutchinsonDiagonal<T>(operator: LinearOperator<T>, like: Tree<T>, random: Random): Tree<T> {
  const { algebra } = operator;
  const z = randomSigns(algebra, like, random);
  return mapTree(algebra, (zi, ci) => algebra.mul(zi, ci), z, operator.apply(z));
}

/** C·1, the sums of the rows: the diagonal only where C is diagonal. Published code takes one for the other. */
export function rowSums<T>(operator: LinearOperator<T>, like: Tree<T>): Tree<T> {
  const { algebra } = operator;
  return operator.apply(mapTree(algebra, (x) => algebra.fill(algebra.shape(x), 1), like));
}
