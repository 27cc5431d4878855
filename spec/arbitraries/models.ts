import fc from 'fast-check';
import { times } from '../oracles/dense/matrices.js';
import { norm } from '../subjects/point.js';
import { dyadicVector } from './dyadic.js';
import { type Spectral, type SpectralOptions, spectral } from './matrices.js';

/** gᵀp + ½pᵀHp over ‖p‖ ≤ Δ. */
export interface Model extends Spectral {
  readonly gradient: Float64Array;
  readonly radius: number;
  /** Whether g has no part along the lowest eigenvectors. */
  readonly orthogonal: boolean;
}

/**
 * Models in a region: definite, indefinite, and g orthogonal to the lowest eigenvectors, where the hard case
 * lies. Shrinks to H = 1, g = 1, Δ = 1.
 */
export function models(options: SpectralOptions = { signs: 'any' }): fc.Arbitrary<Model> {
  return spectral(options).chain((matrix) =>
    fc
      .tuple(dyadicVector(matrix.n), fc.integer({ min: -4, max: 6 }), fc.boolean())
      .map(([coefficients, exponent, orthogonal]) => {
        const { eigenvalues, eigenvectors } = matrix;
        const lowest = Math.min(...eigenvalues);
        const parts: number[] = coefficients.map((c, k) => (orthogonal && eigenvalues[k] === lowest ? 0 : c));
        if (!orthogonal && norm(parts) === 0) parts[0] = 1;
        const gradient = times(eigenvectors, parts);
        return { ...matrix, gradient, radius: 2 ** exponent, orthogonal };
      })
      .filter(({ gradient }) => gradient.some((g) => g !== 0)),
  );
}
