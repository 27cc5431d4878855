import type { Algebra } from '../algebra/algebra.js';
import type { Tree } from '../algebra/tree.js';

/**
 * A linear map v ↦ Cv between trees like the parameters, known by what it does.
 *
 * Every operator applies; what else it can, it has: a solve, a diagonal, a dense form. Tags are promises of whoever
 * made it, and routines that need one refuse an operator without it ({@link tagged}).
 */
export interface LinearOperator<T> {
  readonly name: string;
  readonly algebra: Algebra<T>;
  /** C = Cᵀ. */
  readonly symmetric: boolean;
  /** vᵀCv ≥ 0 for every v. */
  readonly positiveSemidefinite: boolean;
  /** Cv. */
  apply(v: Tree<T>): Tree<T>;
  /** x with Cx = b, or why there is none. */
  solve?(b: Tree<T>): Solution<T>;
  /** The entries Cᵢᵢ, as a tree like the parameters. */
  diagonal?(): Tree<T>;
  /** C over the flattened parameters (leaves in the order of `entries`), n×n and row-major, on the host. */
  dense?(): Float64Array;
}

/** What a solve found. Numerical trouble is data. */
export type Solution<T> =
  | { readonly kind: 'solved'; readonly x: Tree<T> }
  | { readonly kind: 'singular' | 'notPositiveDefinite' | 'nonFinite'; readonly message: string };

export type Tag = 'symmetric' | 'positiveSemidefinite';

/**
 * Passes an operator through that carries the tags a routine needs.
 *
 * @throws TypeError `conjugateGradients(operator): expected a symmetric operator, got hessian without that tag`
 */
export function tagged<T>(where: string, operator: LinearOperator<T>, ...tags: Tag[]): LinearOperator<T> {
  for (const tag of tags) {
    if (operator[tag]) continue;
    const word = tag === 'symmetric' ? 'a symmetric' : 'a positive semidefinite';
    throw new TypeError(
      `${where}(operator): expected ${word} operator, got ${operator.name} without that tag`,
    );
  }
  return operator;
}

/**
 * Passes through what an operator may lack.
 *
 * @throws TypeError `newton(operator): expected one with a dense form, got gaussNewton without`
 */
export function able<T, K extends 'solve' | 'diagonal' | 'dense'>(
  where: string,
  operator: LinearOperator<T>,
  ability: K,
): NonNullable<LinearOperator<T>[K]> {
  const has = operator[ability];
  if (has !== undefined) return has.bind(operator) as NonNullable<LinearOperator<T>[K]>;
  const words = { solve: 'a solve', diagonal: 'a diagonal', dense: 'a dense form' };
  throw new TypeError(
    `${where}(operator): expected one with ${words[ability]}, got ${operator.name} without`,
  );
}
