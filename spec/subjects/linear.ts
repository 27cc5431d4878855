import { flatten, unflatten } from '../../src/algebra/flatten.js';
import { vectorOperator } from '../../src/curvature/vector-operator.js';
import {
  type Algebra,
  conjugateGradients,
  denseOperator,
  diagonalOperator,
  float64,
  type LinearOperator,
  lowRank,
} from '../../src/index.js';
import type { Named } from './named.js';

/** A linear map on flat vectors of one length, with what it says of itself. */
export interface OperatorSubject extends Named {
  readonly kind: 'operator';
  readonly n: number;
  readonly symmetric: boolean;
  readonly positiveSemidefinite: boolean;
  apply(v: Float64Array): Float64Array;
  /** x with Cx = b, where it can and C is regular. */
  solve?(b: Float64Array): Float64Array | undefined;
  /** The entries Cᵢᵢ. */
  diagonal?(): Float64Array;
  /** C, n×n, row-major. */
  dense?(): Float64Array;
}

/** A symmetric positive definite matrix as a solver sees it. */
export interface Equations {
  readonly n: number;
  /** C, row-major. */
  readonly matrix: Float64Array;
  /** Cv. */
  multiply(v: Float64Array): Float64Array;
}

/** A way to solve Cx = b, C symmetric and positive definite. */
export interface LinearSolverSubject extends Named {
  readonly kind: 'linearSolver';
  /** It stops where ‖Cx − b‖ ≤ tolerance·‖b‖; 0 for one that is exact. */
  readonly tolerance: number;
  solve(equations: Equations, b: Float64Array): Float64Array;
}

export const operatorClaims = ['C1', 'C2', 'C3'];
export const linearSolverClaims = ['C4'];

/** An operator in one arithmetic as a subject of the laws; `like` is a tree of what it applies to. */
export function operatorSubject<T>(
  algebra: Algebra<T>,
  operator: LinearOperator<T>,
  like: Parameters<typeof unflatten<T>>[2],
  claims: readonly string[] = operatorClaims,
): OperatorSubject {
  const tree = (v: Float64Array) => unflatten(algebra, v, like);
  const list = (v: Parameters<typeof flatten<T>>[1]) => Float64Array.from(flatten(algebra, v));
  const { name, symmetric, positiveSemidefinite } = operator;
  return {
    kind: 'operator',
    name: `${name} (operator)`,
    epsilon: algebra.epsilon,
    claims,
    n: list(like).length,
    symmetric,
    positiveSemidefinite,
    apply: (v) => list(operator.apply(tree(v))),
    ...(operator.solve && {
      solve(b: Float64Array) {
        const found = operator.solve!(tree(b));
        return found.kind === 'solved' ? list(found.x) : undefined;
      },
    }),
    ...(operator.diagonal && { diagonal: () => list(operator.diagonal!()) }),
    ...(operator.dense && { dense: () => operator.dense!().slice() }),
    scope: (body) => algebra.scope(body),
  };
}

const three = float64.array([0, 0, 0], [3]);
const definite = Float64Array.of(4, 1, 0, 1, 3, -1, 0, -1, 2);

/** Operators of ours on three numbers as subjects. */
export const ourOperators: readonly OperatorSubject[] = [
  denseOperator(float64, definite, three, { name: 'denseOperator', positiveSemidefinite: true }),
  denseOperator(float64, Float64Array.of(0, 2, 0, 1, 0, 0, 0, 1, 1), three, { name: 'denseOperator (LU)' }),
  diagonalOperator(float64, float64.array([2, 0.5, 1], [3])),
  lowRank(float64, float64.array([1, 2, 0, 0, 1, -1], [2, 3]), three, { scale: 0.5, damping: 0.25 }),
].map((operator) => operatorSubject(float64, operator, three));

/** Ways of ours to solve as subjects. */
export const ourLinearSolvers: readonly LinearSolverSubject[] = [
  {
    kind: 'linearSolver',
    name: 'conjugateGradients',
    epsilon: 2 ** -52,
    claims: linearSolverClaims,
    tolerance: 1e-8,
    solve({ multiply }, b) {
      const product = (v: Float64Array, into: Float64Array) => into.set(multiply(v));
      const operator = vectorOperator('given', product, { symmetric: true });
      const { x } = conjugateGradients(operator, float64.array(b, [b.length]), { tolerance: 1e-8 });
      return Float64Array.from((x as { data: Float64Array }).data);
    },
    scope: (body) => float64.scope(body),
  },
  {
    kind: 'linearSolver',
    name: 'Cholesky',
    epsilon: 2 ** -52,
    claims: linearSolverClaims,
    tolerance: 0,
    solve({ matrix, n }, b) {
      const like = float64.array(b, [n]);
      const found = denseOperator(float64, matrix, like, { positiveSemidefinite: true }).solve!(like);
      return found.kind === 'solved' ? flatten(float64, found.x).slice() : b.map(() => Number.NaN);
    },
    scope: (body) => float64.scope(body),
  },
];
