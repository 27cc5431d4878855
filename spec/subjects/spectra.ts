import { denseOperator } from '../../src/curvature/index.js';
import { hutchPlusPlus, spectralDensity } from '../../src/curvature/spectral-density.js';
import { float64, Random } from '../../src/index.js';
import type { Named } from './named.js';

/** A way to tell what the spectrum of a symmetric matrix is like from its products with random signs. */
export interface SpectrumSubject extends Named {
  readonly kind: 'spectrum';
  /**
   * An estimate of the trace from so many products.
   *
   * @param matrix n×n, row-major
   */
  trace(matrix: Float64Array, n: number, seed: number, products: number): number;
  /** Where the eigenvalues lie, from so many steps of so many probes. */
  density(matrix: Float64Array, n: number, seed: number, cost: { probes: number; steps: number }): Density;
}

/** Points with weights that add up to 1: Σ weight·f(node) stands for tr f(C)/n. */
export interface Density {
  readonly nodes: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

const like = (n: number) => float64.fill([n], 0);
const operator = (matrix: Float64Array, n: number) =>
  denseOperator(float64, matrix, like(n), { symmetric: true });

/** Hutch++ and stochastic Lanczos quadrature. */
export const ourSpectrum: SpectrumSubject = {
  kind: 'spectrum',
  name: 'hutchPlusPlus and spectralDensity',
  epsilon: 2 ** -52,
  claims: ['38b', '38c'],
  trace: (matrix, n, seed, products) =>
    hutchPlusPlus(operator(matrix, n), like(n), new Random(seed), products),
  density: (matrix, n, seed, cost) => spectralDensity(operator(matrix, n), like(n), new Random(seed), cost),
  scope: (body) => float64.scope(body),
};
