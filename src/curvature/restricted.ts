import { sizeOf } from '../algebra/flatten.js';
import { part, replaced } from '../algebra/part.js';
import { entries, type Tree, zerosLike } from '../algebra/tree.js';
import type { LinearOperator } from './linear-operator.js';

/**
 * PCPᵀ, the block of an operator over the chosen parameters: vectors are flat records from path to array.
 *
 * A solve with the block is not a block of the solve, so it has none of its own unless a dense form gives it.
 *
 * @param like a tree of all parameters' shapes
 */
export function restricted<T>(
  operator: LinearOperator<T>,
  like: Tree<T>,
  selects: (path: string) => boolean,
): LinearOperator<T> {
  const { algebra, diagonal, dense } = operator;
  return {
    name: `${operator.name}, restricted`,
    algebra,
    symmetric: operator.symmetric,
    positiveSemidefinite: operator.positiveSemidefinite,
    apply: (v) =>
      algebra.scope(() =>
        part(algebra, operator.apply(replaced(algebra, zerosLike(algebra, like), v)), selects),
      ),
    ...(diagonal && { diagonal: () => part(algebra, diagonal.call(operator), selects) }),
    ...(dense && {
      dense() {
        const whole = dense.call(operator);
        const chosen: number[] = [];
        let n = 0;
        for (const [path, leaf] of entries(algebra, like)) {
          const size = sizeOf(algebra, leaf);
          if (selects(path)) for (let i = 0; i < size; i++) chosen.push(n + i);
          n += size;
        }
        return Float64Array.from(chosen.flatMap((i) => chosen.map((j) => whole[i * n + j])));
      },
    }),
  };
}
