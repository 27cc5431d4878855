import type { TestFunction } from '../../../src/index.js';

/** The mean and the logarithm of the variance. */
export type Moments = readonly [number, number];

/**
 * A Gaussian fitted to data by its mean negative log-likelihood, in two systems of coordinates. The `hessian` of each is
 * the Fisher matrix, so that Newton's method is the natural gradient (Amari 1998).
 */
export interface GaussianFit {
  readonly problem: TestFunction;
  toMoments(x: ArrayLike<number>): Moments;
}

/** The mean of the data, and their variance. */
export const data = { mean: 1, variance: 0.25 };
/** Mean and log-variance at the start. */
export const start = [-1.2, 1] as const;

function valueAt(mean: number, logVariance: number): number {
  const square = data.variance + (data.mean - mean) ** 2;
  return 0.5 * (Math.log(2 * Math.PI) + logVariance + square * Math.exp(-logVariance));
}

/** x = (μ, s), s = log σ²: F = diag(e⁻ˢ, ½). */
export const inMoments: GaussianFit = {
  problem: {
    name: 'mean and log-variance',
    start: [...start],
    value: ([mean, s]) => valueAt(mean, s),
    gradient: ([mean, s]) =>
      Float64Array.of(
        (mean - data.mean) * Math.exp(-s),
        0.5 * (1 - (data.variance + (data.mean - mean) ** 2) * Math.exp(-s)),
      ),
    hessian: ([, s]) => Float64Array.of(Math.exp(-s), 0, 0, 0.5),
  },
  toMoments: (x) => [x[0], x[1]],
};

/** x = (μ/σ², −1/2σ²): F is the covariance of (X, X²) under the model, and the gradient what their means are too large by. */
export const inNaturalParameters: GaussianFit = {
  problem: {
    name: 'natural parameters',
    start: [start[0] * Math.exp(-start[1]), -0.5 * Math.exp(-start[1])],
    value: (x) => valueAt(...momentsOf(x)),
    gradient(x) {
      const [mean, s] = momentsOf(x);
      return Float64Array.of(mean - data.mean, mean ** 2 + Math.exp(s) - data.mean ** 2 - data.variance);
    },
    hessian(x) {
      const [mean, s] = momentsOf(x);
      const variance = Math.exp(s);
      const [ofX, mixed] = [variance, 2 * mean * variance];
      return Float64Array.of(ofX, mixed, mixed, 4 * mean ** 2 * variance + 2 * variance ** 2);
    },
  },
  toMoments: momentsOf,
};

function momentsOf(x: ArrayLike<number>): Moments {
  const variance = -0.5 / x[1];
  return [x[0] * variance, Math.log(variance)];
}

/**
 * Where the natural gradient flow stands at time t: the means of X and X² go straight and exponentially to the data's.
 */
export function flow(t: number): Moments {
  const left = Math.exp(-t);
  const first = data.mean + (start[0] - data.mean) * left;
  const target = data.mean ** 2 + data.variance;
  const second = target + (start[0] ** 2 + Math.exp(start[1]) - target) * left;
  return [first, Math.log(second - first ** 2)];
}
