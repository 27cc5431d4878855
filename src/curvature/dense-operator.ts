import type { Algebra } from '../algebra/algebra.js';
import { flatten, treeSize, unflatten } from '../algebra/flatten.js';
import type { Tree } from '../algebra/tree.js';
import { cholesky, choleskySolve } from '../linalg/cholesky.js';
import { lu, luSolve } from '../linalg/lu.js';
import { matrixVector } from '../linalg/vector.js';
import type { LinearOperator, Solution } from './linear-operator.js';

/**
 * A matrix over the flattened parameters as an operator: n×n, row-major, on the host in float64.
 *
 * Solves by Cholesky factorization where it is tagged positive semidefinite, else by LU with partial pivoting; the
 * factors are made once. Every product reads its vector: for small models and for oracles.
 *
 * @param like a tree of the parameters' shapes
 * @throws RangeError unless the matrix has n² entries
 * @example denseOperator(float64, Float64Array.of(2, 0, 0, 4), float64.array([0, 0], [2]), { symmetric: true })
 */
export function denseOperator<T>(
  algebra: Algebra<T>,
  matrix: Float64Array,
  like: Tree<T>,
  {
    name = 'dense',
    positiveSemidefinite = false,
    symmetric = positiveSemidefinite,
  }: { name?: string; symmetric?: boolean; positiveSemidefinite?: boolean } = {},
): LinearOperator<T> {
  const n = treeSize(algebra, like);
  if (matrix.length !== n * n) {
    throw new RangeError(`denseOperator(matrix): expected ${n}×${n} entries, got ${matrix.length}`);
  }
  const tree = (values: Float64Array) => unflatten(algebra, values, like);
  let solver: ((b: Float64Array) => Float64Array) | Exclude<Solution<T>, { kind: 'solved' }> | undefined;
  return {
    name,
    algebra,
    symmetric,
    positiveSemidefinite,
    apply(v) {
      const product = new Float64Array(n);
      matrixVector(matrix, flatten(algebra, v), product);
      return tree(product);
    },
    solve(b): Solution<T> {
      solver ??= positiveSemidefinite ? byCholesky(matrix, n) : byElimination(matrix, n);
      if (typeof solver !== 'function') return solver;
      const x = solver(flatten(algebra, b));
      if (!x.every(Number.isFinite)) return { kind: 'nonFinite', message: 'the solution is not finite' };
      return { kind: 'solved', x: tree(x) };
    },
    diagonal: () => tree(Float64Array.from({ length: n }, (_, i) => matrix[i * (n + 1)])),
    dense: () => matrix.slice(),
  };
}

type Trouble = Exclude<Solution<never>, { kind: 'solved' }>;

const notFinite: Trouble = { kind: 'nonFinite', message: 'the matrix is not finite' };

function byCholesky(matrix: Float64Array, n: number): ((b: Float64Array) => Float64Array) | Trouble {
  const factored = cholesky(matrix, n);
  if (factored.kind === 'factored') return (b) => choleskySolve(factored, b);
  if (factored.kind === 'nonFinite') return notFinite;
  return {
    kind: 'notPositiveDefinite',
    message: `the matrix is not positive definite at pivot ${factored.pivot} of ${n}: damp it`,
  };
}

function byElimination(matrix: Float64Array, n: number): ((b: Float64Array) => Float64Array) | Trouble {
  const factored = lu(matrix, n);
  if (factored.kind === 'factored') return (b) => luSolve(factored, b);
  if (factored.kind === 'singular') {
    return { kind: 'singular', message: `elimination found no pivot in column ${factored.column} of ${n}` };
  }
  return notFinite;
}
