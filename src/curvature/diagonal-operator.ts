import type { Algebra } from '../algebra/algebra.js';
import { flatten, treeSize } from '../algebra/flatten.js';
import { leaves, mapTree, type Tree } from '../algebra/tree.js';
import type { LinearOperator, Solution } from './linear-operator.js';

/**
 * diag(d), with d a tree like the parameters: Cv = d∘v.
 *
 * @example diagonalOperator(float64, { w: float64.array([1, 2], [2]) }).apply(v)
 */
export function diagonalOperator<T>(
  algebra: Algebra<T>,
  d: Tree<T>,
  { positiveSemidefinite = false }: { positiveSemidefinite?: boolean } = {},
): LinearOperator<T> {
  return {
    name: 'diagonal',
    algebra,
    symmetric: true,
    positiveSemidefinite,
    apply: (v) => mapTree(algebra, (di, vi) => algebra.mul(di, vi), d, v),
    solve(b): Solution<T> {
      const x = mapTree(algebra, (di, bi) => algebra.div(bi, di), d, b);
      const finite = leaves(algebra, x).every((leaf) => algebra.number(algebra.finite(leaf)) === 1);
      return finite ? { kind: 'solved', x } : { kind: 'singular', message: 'the diagonal has a zero' };
    },
    diagonal: () => d,
    dense() {
      const n = treeSize(algebra, d);
      const matrix = new Float64Array(n * n);
      flatten(algebra, d).forEach((value, i) => {
        matrix[i * (n + 1)] = value;
      });
      return matrix;
    },
  };
}
