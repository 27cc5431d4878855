import fc from 'fast-check';
import { inner } from '../oracles/dense/matrices.js';
import type { HalfSquares } from '../subjects/second-order/subject.js';
import { type ResidualOptions, residualProblems } from './residual-problems.js';

/** A function with a start in a box. */
export interface BoxedProblem {
  readonly problem: HalfSquares;
  readonly n: number;
  readonly start: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** ½‖r‖² as a function and as residuals. */
export function halfSquares(
  options: ResidualOptions = {},
): fc.Arbitrary<{ problem: HalfSquares; n: number; start: readonly number[] }> {
  return residualProblems(options).map(({ residuals, jacobian, hessian, n, start, ...named }) => ({
    problem: {
      residuals,
      jacobian,
      hessian,
      value: (x) => inner(residuals(x), residuals(x)) / 2,
      gradient(x) {
        const [r, j] = [residuals(x), jacobian(x)];
        return Float64Array.from({ length: n }, (_, k) =>
          r.reduce((sum, ri, i) => sum + ri * j[i * n + k], 0),
        );
      },
      toString: named.toString,
    },
    n,
    start,
  }));
}

/**
 * Boxes that hold, free and fix variables: a side lies at the start, near it, far away or nowhere.
 * Shrinks to no bounds.
 */
export function boxedProblems(options: ResidualOptions = {}): fc.Arbitrary<BoxedProblem> {
  const distance = fc.constantFrom(Number.POSITIVE_INFINITY, 8, 1, 0.25, 2 ** -30, 0);
  return halfSquares(options).chain(({ problem, n, start }) =>
    fc
      .tuple(
        fc.array(distance, { minLength: n, maxLength: n }),
        fc.array(distance, { minLength: n, maxLength: n }),
      )
      .map(([below, above]) => ({
        problem,
        n,
        start,
        lower: start.map((xi, i) => xi - below[i]),
        upper: start.map((xi, i) => xi + above[i]),
      })),
  );
}
