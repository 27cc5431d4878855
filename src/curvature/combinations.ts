import { treeSize } from '../algebra/flatten.js';
import { mapTree, type Tree } from '../algebra/tree.js';
import { denseOperator } from './dense-operator.js';
import type { LinearOperator, Solution } from './linear-operator.js';

/** a·C. Its solve is C's, divided by a. */
export function scaled<T>(a: number, operator: LinearOperator<T>): LinearOperator<T> {
  const { algebra, diagonal, dense, solve } = operator;
  const times = (factor: number, tree: Tree<T>) => mapTree(algebra, (x) => algebra.mul(x, factor), tree);
  return {
    name: `${a}·${operator.name}`,
    algebra,
    symmetric: operator.symmetric,
    positiveSemidefinite: operator.positiveSemidefinite && a >= 0,
    apply: (v) => times(a, operator.apply(v)),
    ...(diagonal && { diagonal: () => times(a, diagonal.call(operator)) }),
    ...(dense && { dense: () => dense.call(operator).map((x) => a * x) }),
    ...(solve && {
      solve(b: Tree<T>): Solution<T> {
        if (a === 0) return { kind: 'singular', message: 'the operator is scaled by 0' };
        const found = solve.call(operator, b);
        return found.kind === 'solved' ? { kind: 'solved', x: times(1 / a, found.x) } : found;
      },
    }),
  };
}

/**
 * C + D, of one arithmetic. It solves where both have a dense form, by factorizing their sum.
 *
 * @throws TypeError where the operators compute in different arithmetics
 */
export function sum<T>(c: LinearOperator<T>, d: LinearOperator<T>): LinearOperator<T> {
  const { algebra } = c;
  if (d.algebra !== algebra) {
    throw new TypeError(`sum(operators): expected one arithmetic, got ${algebra.name} and ${d.algebra.name}`);
  }
  const added = (x: Tree<T>, y: Tree<T>) => mapTree(algebra, (a, b) => algebra.add(a, b), x, y);
  const tags = {
    symmetric: c.symmetric && d.symmetric,
    positiveSemidefinite: c.positiveSemidefinite && d.positiveSemidefinite,
  };
  const name = `${c.name} + ${d.name}`;
  const dense = () => {
    const [x, y] = [c.dense!(), d.dense!()];
    return x.map((value, i) => value + y[i]);
  };
  const bothDense = c.dense !== undefined && d.dense !== undefined;
  let factored: LinearOperator<T> | undefined;
  return {
    name,
    algebra,
    ...tags,
    apply: (v) => added(c.apply(v), d.apply(v)),
    ...(c.diagonal && d.diagonal && { diagonal: () => added(c.diagonal!(), d.diagonal!()) }),
    ...(bothDense && {
      dense,
      solve: (b: Tree<T>) => (factored ??= denseOperator(algebra, dense(), b, { name, ...tags })).solve!(b),
    }),
  };
}

/** λI on trees like `like`. */
export function multipleOfIdentity<T>(
  algebra: LinearOperator<T>['algebra'],
  lambda: number,
  like: Tree<T>,
): LinearOperator<T> {
  return {
    name: `${lambda}·I`,
    algebra,
    symmetric: true,
    positiveSemidefinite: lambda >= 0,
    apply: (v) => mapTree(algebra, (x) => algebra.mul(x, lambda), v),
    solve(b): Solution<T> {
      if (lambda === 0) return { kind: 'singular', message: 'the operator is 0' };
      return { kind: 'solved', x: mapTree(algebra, (x) => algebra.mul(x, 1 / lambda), b) };
    },
    diagonal: () => mapTree(algebra, (x) => algebra.fill(algebra.shape(x), lambda), like),
    dense() {
      const n = treeSize(algebra, like);
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) matrix[i * (n + 1)] = lambda;
      return matrix;
    },
  };
}

/** C + λI on trees like `like`: Levenberg's and Tikhonov's damping. */
export function damped<T>(operator: LinearOperator<T>, lambda: number, like: Tree<T>): LinearOperator<T> {
  return sum(operator, multipleOfIdentity(operator.algebra, lambda, like));
}

/**
 * C⁻¹ of an operator that solves; its solve is C's product.
 *
 * @throws TypeError where the operator has no solve; Error, when it is applied, where a solve meets numerical
 * trouble: a method that can end by an outcome asks `solve` itself
 */
export function inverseOf<T>(operator: LinearOperator<T>): LinearOperator<T> {
  const { solve } = operator;
  if (solve === undefined) {
    throw new TypeError(`inverseOf(operator): expected one with a solve, got ${operator.name} without`);
  }
  return {
    name: `(${operator.name})⁻¹`,
    algebra: operator.algebra,
    symmetric: operator.symmetric,
    positiveSemidefinite: operator.positiveSemidefinite,
    apply(v) {
      const found = solve.call(operator, v);
      if (found.kind !== 'solved') throw new Error(`inverseOf(${operator.name}): ${found.message}`);
      return found.x;
    },
    solve: (b) => ({ kind: 'solved', x: operator.apply(b) }),
  };
}
