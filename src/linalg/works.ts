import { type Saved, SavedArray } from '../algebra/saved.js';
import type { Work } from '../algebra/work.js';
import { positiveDefiniteInverse } from './inverse.js';
import { symmetricEigen } from './symmetric-eigen.js';

/**
 * The inverse of each matrix in a list of symmetric positive definite ones, in float64; null for one that has none.
 *
 * @example inverses.run([new SavedArray([1, 1], Float64Array.of(4))]) // [a SavedArray of [0.25]]
 */
export const inverses: Work = {
  name: 'inverses',
  run: (request) =>
    each(request, (a, n) => {
      const result = positiveDefiniteInverse(a, n);
      return result.kind === 'inverted' ? new SavedArray([n, n], result.inverse) : null;
    }),
};

/**
 * Eigenvalues (ascending, `values`) and eigenvectors (columns, `vectors`) of each matrix in a list of symmetric ones,
 * in float64; null for one that is not finite.
 *
 * @example eigenbases.run([new SavedArray([1, 1], Float64Array.of(4))]) // [{ values: [4], vectors: [[1]] }]
 */
export const eigenbases: Work = {
  name: 'eigenbases',
  run: (request) =>
    each(request, (a, n) => {
      const result = symmetricEigen(a, n);
      if (result.kind !== 'decomposed') return null;
      return { values: new SavedArray([n], result.values), vectors: new SavedArray([n, n], result.vectors) };
    }),
};

/** What a thread for linear algebra can do, by name. */
export const works: ReadonlyMap<string, Work> = new Map(
  [inverses, eigenbases].map((work) => [work.name, work]),
);

function each(request: Saved, result: (a: Float64Array, n: number) => Saved): Saved {
  return (request as readonly SavedArray[]).map(({ shape: [n], data }) => result(Float64Array.from(data), n));
}
