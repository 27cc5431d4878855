import type { Algebra } from '../algebra/algebra.js';
import { flatten, treeSize, unflatten } from '../algebra/flatten.js';
import type { Tree } from '../algebra/tree.js';
import type { LinearOperator } from './linear-operator.js';

/**
 * An operator known by its product alone. Its dense form and its diagonal are taken column by column, n products: for
 * small models.
 *
 * @param like a tree of the parameters' shapes
 * @example matrixFree(float64, 'hessian', (v) => hessianProduct(v), parameters, { symmetric: true })
 */
export function matrixFree<T>(
  algebra: Algebra<T>,
  name: string,
  product: (v: Tree<T>) => Tree<T>,
  like: Tree<T>,
  {
    positiveSemidefinite = false,
    symmetric = positiveSemidefinite,
  }: { symmetric?: boolean; positiveSemidefinite?: boolean } = {},
): LinearOperator<T> {
  const n = treeSize(algebra, like);
  const column = (j: number) =>
    algebra.scope(() => {
      const unit = new Float64Array(n);
      unit[j] = 1;
      return flatten(algebra, product(unflatten(algebra, unit, like)));
    });
  return {
    name,
    algebra,
    symmetric,
    positiveSemidefinite,
    apply: product,
    diagonal: () =>
      unflatten(
        algebra,
        Float64Array.from({ length: n }, (_, j) => column(j)[j]),
        like,
      ),
    dense() {
      const matrix = new Float64Array(n * n);
      for (let j = 0; j < n; j++) {
        const entries = column(j);
        for (let i = 0; i < n; i++) matrix[i * n + j] = entries[i];
      }
      return matrix;
    },
  };
}
