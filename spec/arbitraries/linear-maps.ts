import type fc from 'fast-check';
import { transposed } from '../oracles/dense/matrices.js';
import { condition, spectral } from './matrices.js';

/** T = QΛ, which is not symmetric, with its inverse in closed form. */
export interface LinearMap {
  readonly matrix: Float64Array;
  readonly inverse: Float64Array;
  /** The singular values of T. */
  readonly scales: readonly number[];
  readonly condition: number;
}

/** A sample with a change of coordinates of its dimension, κ(T) ≤ 16. */
export function withMap<V extends { readonly n: number }>(
  arbitrary: fc.Arbitrary<V>,
): fc.Arbitrary<[V, LinearMap]> {
  return arbitrary.chain((sample) =>
    spectral({ sizes: { min: sample.n, max: sample.n }, reach: 2 }).map((drawn): [V, LinearMap] => {
      const { n, eigenvectors: q, eigenvalues: scales } = drawn;
      return [
        sample,
        {
          matrix: q.map((entry, at) => entry * scales[at % n]),
          inverse: transposed(q, n).map((entry, at) => entry / scales[Math.floor(at / n)]),
          scales,
          condition: condition(drawn),
        },
      ];
    }),
  );
}
