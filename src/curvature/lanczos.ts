import type { Algebra } from '../algebra/algebra.js';
import { wholeNumber } from '../algebra/argument.js';
import { sizeOf, treeSize } from '../algebra/flatten.js';
import { leaves, mapTree, type Tree } from '../algebra/tree.js';
import { symmetricEigen } from '../linalg/symmetric-eigen.js';
import { type LinearOperator, tagged } from './linear-operator.js';

/** What a symmetric operator looks like from one vector: its Ritz values and the vector's share in each. */
export interface Lanczos<T> {
  readonly kind: 'decomposed' | 'nonFinite';
  /** θ₀ ≤ θ₁ ≤ …, eigenvalues of the projection T = VᵀCV. */
  readonly values: Float64Array;
  /** (e₁ᵀsᵢ)², adding up to 1: vᵀf(C)v = Σ weightᵢ·f(θᵢ) for polynomials f up to degree 2·steps − 1. */
  readonly weights: Float64Array;
  /** ‖Cyᵢ − θᵢyᵢ‖ of each Ritz vector yᵢ, below which an eigenvalue is known. */
  readonly residuals: Float64Array;
  /** sᵢ, the eigenvectors of T, in the columns of a row-major square: yᵢ = Vᵀsᵢ. */
  readonly vectors: Float64Array;
  /** V, [steps, n]: orthonormal rows, the first along the vector. The caller's, or the enclosing scope's. */
  readonly basis: T;
}

/**
 * The Lanczos process of a symmetric operator from a vector, with full reorthogonalization: each new direction is made
 * orthogonal to all before it, twice, so that no eigenvalue is found again.
 *
 * It ends early where the directions span an invariant space. Two numbers are read a step; it holds steps·n numbers.
 * Source: Lanczos 1950; Golub and Van Loan 2013, sections 10.1 and 10.3; twice is enough, Giraud et al. 2005.
 *
 * @param steps at most; at most n
 * @throws TypeError where the operator is not tagged symmetric; RangeError unless steps ≥ 1
 * @example lanczos(hessian, randomSigns(algebra, parameters, random), 20).values.at(-1) // near its largest eigenvalue
 */
export function lanczos<T>(operator: LinearOperator<T>, start: Tree<T>, steps: number): Lanczos<T> {
  tagged('lanczos', operator, 'symmetric');
  wholeNumber('lanczos', 'steps', steps, '[1, ∞)');
  const { algebra } = operator;
  const n = treeSize(algebra, start);
  const diagonal: number[] = [];
  const beside: number[] = [];
  const made = algebra.scope(() => {
    const first = flat(algebra, start);
    let length = Math.sqrt(algebra.number(algebra.dot(first, first)));
    let v = algebra.mul(first, 1 / length);
    let basis = algebra.reshape(v, [1, n]);
    for (let k = 0; k < Math.min(steps, n); k++) {
      let w = flat(algebra, operator.apply(shaped(algebra, v, start)));
      diagonal.push(algebra.number(algebra.dot(v, w)));
      for (let pass = 0; pass < 2; pass++) {
        const along = algebra.matmul(basis, algebra.reshape(w, [n, 1]));
        w = algebra.sub(w, algebra.reshape(algebra.matmul(basis, along, true), [n]));
      }
      length = Math.sqrt(algebra.number(algebra.dot(w, w)));
      beside.push(length);
      const size = Math.max(...diagonal.map(Math.abs), ...beside.slice(0, -1));
      // What is left is rounding: the directions so far span an invariant space. NaN ends it too.
      if (!(length > 8 * n * algebra.epsilon * size)) break;
      if (k + 1 < Math.min(steps, n)) {
        v = algebra.mul(w, 1 / length);
        basis = algebra.concat([basis, algebra.reshape(v, [1, n])], 0);
      }
    }
    return basis;
  });
  const m = diagonal.length;
  const projection = new Float64Array(m * m);
  for (let k = 0; k < m; k++) {
    projection[k * (m + 1)] = diagonal[k];
    if (k + 1 < m) projection[k * (m + 1) + 1] = projection[(k + 1) * m + k] = beside[k];
  }
  const eigen = symmetricEigen(projection, m);
  if (eigen.kind !== 'decomposed') {
    const none = new Float64Array();
    return { kind: 'nonFinite', values: none, weights: none, residuals: none, vectors: none, basis: made };
  }
  const { values, vectors } = eigen;
  return {
    kind: 'decomposed',
    values: values.slice(),
    weights: Float64Array.from(values, (_, i) => vectors[i] ** 2),
    residuals: Float64Array.from(values, (_, i) => Math.abs(beside[m - 1] * vectors[(m - 1) * m + i])),
    vectors: vectors.slice(),
    basis: made,
  };
}

/** A tree as one vector, in its arithmetic. */
export function flat<T>(algebra: Algebra<T>, tree: Tree<T>): T {
  return algebra.concat(
    leaves(algebra, tree).map((leaf) => algebra.reshape(leaf, [sizeOf(algebra, leaf)])),
    0,
  );
}

/** The inverse of {@link flat}. */
export function shaped<T>(algebra: Algebra<T>, vector: T, like: Tree<T>): Tree<T> {
  let at = 0;
  return mapTree(
    algebra,
    (leaf) => {
      const size = sizeOf(algebra, leaf);
      const own = algebra.slice(vector, [at], [size]);
      at += size;
      return algebra.reshape(own, algebra.shape(leaf));
    },
    like,
  );
}
