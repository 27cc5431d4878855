import type { Algebra } from '../algebra/algebra.js';
import { sizeOf, treeSize } from '../algebra/flatten.js';
import { leaves, mapTree, type Tree } from '../algebra/tree.js';
import { cholesky, choleskySolve } from '../linalg/cholesky.js';
import type { LinearOperator, Solution } from './linear-operator.js';

export interface LowRankOptions {
  /** s ≥ 0, default 1: 1/N for the mean of N squared gradients. */
  scale?: number;
  /** λ ≥ 0, default 0; what is to be solved with needs λ > 0. */
  damping?: number;
}

/**
 * s·UᵀU + λI from m rows: the empirical Fisher matrix from per-example gradients, a Gauss–Newton matrix from the rows
 * of LᵀJ.
 *
 * It solves by Woodbury's identity, (b − Uᵀ(λ/s·I + UUᵀ)⁻¹Ub)/λ, with the m×m system on the host in float64: good to
 * K, not backward stable where λ is small.
 * Source: Woodbury 1950; Golub and Van Loan 2013, section 2.1.4.
 *
 * @param rows a tree like the parameters, each leaf with an axis of length m before its own
 * @throws RangeError where the rows do not fit the parameters
 * @example lowRank(float64, perExampleGradients, parameters, { scale: 1 / 32, damping: 1e-3 }).solve(gradient)
 */
export function lowRank<T>(
  algebra: Algebra<T>,
  rows: Tree<T>,
  like: Tree<T>,
  { scale = 1, damping = 0 }: LowRankOptions = {},
): LinearOperator<T> {
  const m = algebra.shape(leaves(algebra, rows)[0])[0];
  const n = treeSize(algebra, like);
  if (treeSize(algebra, rows) !== m * n) {
    throw new RangeError(
      `lowRank(rows): expected ${m} rows of ${n} numbers, got ${treeSize(algebra, rows)} numbers`,
    );
  }
  const flatRows = (leaf: T) => algebra.reshape(leaf, [m, sizeOf(algebra, leaf) / m]);
  const column = (leaf: T) => algebra.reshape(leaf, [sizeOf(algebra, leaf), 1]);
  const total = (parts: readonly T[]) => parts.reduce((sum, part) => algebra.add(sum, part));
  /** Uv, [m, 1]. */
  const down = (v: Tree<T>) =>
    total(
      leaves(
        algebra,
        mapTree(algebra, (u, x) => algebra.matmul(flatRows(u), column(x)), rows, v),
      ),
    );
  /** Uᵀw, a tree like the parameters. */
  const up = (w: T): Tree<T> =>
    mapTree(
      algebra,
      (u, x) => algebra.reshape(algebra.matmul(flatRows(u), w, true), algebra.shape(x)),
      rows,
      like,
    );
  let solver: ReturnType<typeof cholesky> | undefined;
  const factored = () =>
    (solver ??= algebra.scope(() => {
      const gram = algebra.values(
        total(leaves(algebra, rows).map((u) => algebra.matmul(flatRows(u), flatRows(u), false, true))),
      );
      for (let i = 0; i < m; i++) gram[i * (m + 1)] += damping / scale;
      return cholesky(gram, m);
    }));
  return {
    name: 'low rank',
    algebra,
    symmetric: true,
    positiveSemidefinite: true,
    apply: (v) =>
      algebra.scope(() =>
        mapTree(algebra, (x, vi) => algebra.combine(scale, x, damping, vi), up(down(v)), v),
      ),
    solve(b): Solution<T> {
      if (damping === 0) return { kind: 'singular', message: 'a matrix of low rank: damp it' };
      const factor = factored();
      if (factor.kind === 'nonFinite') return { kind: 'nonFinite', message: 'a row is not finite' };
      if (factor.kind === 'notPositiveDefinite') {
        return { kind: 'notPositiveDefinite', message: 'the damping is lost to rounding: raise it' };
      }
      const x = algebra.scope(() => {
        const inside = algebra.array(choleskySolve(factor, algebra.values(down(b))), [m, 1]);
        return mapTree(
          algebra,
          (bi, ui) => algebra.combine(1 / damping, bi, -1 / damping, ui),
          b,
          up(inside),
        );
      });
      return { kind: 'solved', x };
    },
    diagonal: () =>
      algebra.scope(() => {
        const ones = algebra.fill([1, m], scale);
        return mapTree(
          algebra,
          (u, x) => {
            const sums = algebra.matmul(ones, algebra.square(flatRows(u)));
            return algebra.add(algebra.reshape(sums, algebra.shape(x)), damping);
          },
          rows,
          like,
        );
      }),
    dense() {
      const matrix = new Float64Array(n * n);
      const all = leaves(algebra, rows).map((u) => algebra.values(u));
      for (let row = 0; row < m; row++) {
        const whole = Float64Array.from(
          all.flatMap((values) => [
            ...values.subarray((row * values.length) / m, ((row + 1) * values.length) / m),
          ]),
        );
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) matrix[i * n + j] += scale * whole[i] * whole[j];
        }
      }
      for (let i = 0; i < n; i++) matrix[i * (n + 1)] += damping;
      return matrix;
    },
  };
}
