import { Random } from '../../src/index.js';
import type { Density, SpectrumSubject } from '../subjects/spectra.js';
import { inner, jacobi, times } from './dense/matrices.js';

/** zᵀAz. */
export const sampleOf = (matrix: Float64Array, z: Float64Array): number => inner(z, times(matrix, z));

/** All eigenvalues, each as often as there are probes, weighing (vᵢᵀz)²/n: what Lanczos comes to in n steps. */
export function fullDensity(matrix: Float64Array, n: number, seed: number, probes: number): Density {
  const { values, vectors } = jacobi(matrix, n);
  const random = new Random(seed);
  const found = Array.from({ length: probes }, () => {
    const z = random.signs(n);
    return Array.from(
      values,
      (_, i) =>
        inner(
          z,
          z.map((_, j) => vectors[j * n + i]),
        ) **
          2 /
        (n * probes),
    );
  });
  return { nodes: found.flatMap(() => [...values]), weights: found.flat() };
}

/** Hutchinson's mean of samples; the whole spectrum by Jacobi's rotations. */
export const spectrumOracle: SpectrumSubject = {
  kind: 'spectrum',
  name: 'Hutchinson and Jacobi (naive)',
  epsilon: 2 ** -52,
  claims: ['38b', '38c'],
  trace(matrix, n, seed, products) {
    const random = new Random(seed);
    const samples = Array.from({ length: products }, () => sampleOf(matrix, random.signs(n)));
    return samples.reduce((sum, sample) => sum + sample, 0) / products;
  },
  density: (matrix, n, seed, { probes }) => fullDensity(matrix, n, seed, probes),
  scope: (body) => body(),
};
