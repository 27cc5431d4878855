import fc from 'fast-check';
import { compose } from './matrices.js';

/** A matrix U diag(s) Vᵀ, m × n, that knows its factors: U m × m and V n × n, row-major, by columns. */
export interface Factored {
  readonly m: number;
  readonly n: number;
  readonly matrix: Float64Array;
  /** min(m, n) of them, each 2ᵏ with −3 ≤ k ≤ 0. */
  readonly singular: readonly number[];
}

/** Matrices of chosen shapes from {exponents of the singular values, small reflections}. Shrinks to [1]. */
export function factored(shapes: readonly (readonly [m: number, n: number])[]): fc.Arbitrary<Factored> {
  return fc.constantFrom(...shapes).chain(([m, n]) =>
    fc
      .tuple(
        fc.array(fc.integer({ min: -3, max: 0 }), { minLength: Math.min(m, n), maxLength: Math.min(m, n) }),
        orthogonal(m),
        orthogonal(n),
      )
      .map(([exponents, u, v]) => {
        const singular = exponents.map((k) => 2 ** k);
        const matrix = new Float64Array(m * n);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            singular.forEach((s, l) => {
              matrix[i * n + j] += u[i * m + l] * s * v[j * n + l];
            });
          }
        }
        return { m, n, matrix, singular };
      }),
  );
}

/** An orthogonal matrix of size n: a product of reflections by small whole vectors. Shrinks to the identity. */
export function orthogonal(n: number): fc.Arbitrary<Float64Array> {
  const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: n, maxLength: n });
  return fc.array(vector, { maxLength: 2 }).map(
    (reflections) =>
      compose(
        Array.from({ length: n }, () => 1),
        reflections,
      ).eigenvectors,
  );
}
