import fc from 'fast-check';
import { spectral } from '../arbitraries/matrices.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { backward, bounded, statistical, threshold } from './tolerance.js';

const seeds = fc.integer({ min: 1, max: 2 ** 20 });
const estimates = 100;
/** Apart from each other: generators that are seeded by numbers in a row begin alike. */
const seedOf = (first: number, k: number) => Math.imul(first + k, 0x9e3779b1) >>> 0;

export const honestTrace = law({
  id: '38b',
  name: 'a trace is worth its products',
  statement:
    'Over 100 seeds the mean estimate of a trace from m products is tr A, |z| ≤ 6 by their own spread, and the mean square of their errors is at most 6‖A‖²/m, whatever stops it early.',
  tolerance: 'S',
  source:
    'Hutchinson 1990: E[zᵀAz] = tr A with variance 2Σ_{i≠j}A²ᵢⱼ, times 3 where two thirds of the products find a basis (Meyer, Musco, Musco and Woodruff 2021)',
  kind: 'spectrum',
  sample: () =>
    fc.record({
      matrix: spectral({ sizes: { min: 2, max: 5 }, signs: 'any' }),
      products: fc.constantFrom(6, 12, 48),
      first: seeds,
    }),
  measure(subject, { matrix: { n, matrix }, products, first }) {
    const trace = Array.from({ length: n }, (_, i) => matrix[i * (n + 1)]).reduce((sum, aii) => sum + aii, 0);
    const errors = Array.from(
      { length: estimates },
      (_, k) => subject.trace(matrix, n, seedOf(first, k), products) - trace,
    );
    const mean = errors.reduce((sum, error) => sum + error, 0) / estimates;
    const spread = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (estimates - 1);
    const square = errors.reduce((sum, error) => sum + error ** 2, 0) / estimates;
    const rounding = threshold * n * subject.epsilon * norm(matrix);
    return [
      statistical('the mean error', mean / (Math.sqrt(spread / estimates) + rounding)),
      bounded('the mean square error', square, (6 * norm(matrix) ** 2) / products),
    ];
  },
});

export const quadrature = law({
  id: '38c',
  name: 'moments of a spectral density',
  statement:
    'Of a diagonal matrix m steps of Lanczos from random signs tell Σ weight·nodeᵏ = tr Aᵏ/n for every k < 2m, however often an eigenvalue is there.',
  tolerance: 'R',
  source: 'Golub and Welsch 1969: weights are squares of the eigenvectors’ first entries; zᵢ² = 1',
  kind: 'spectrum',
  sample: () =>
    fc.record({
      eigenvalues: fc.array(fc.constantFrom(1, 2, 4, -1, 0.5), { minLength: 1, maxLength: 6 }),
      probes: fc.integer({ min: 1, max: 2 }),
      steps: fc.integer({ min: 1, max: 6 }),
      seed: seeds,
    }),
  measure(subject, { eigenvalues, probes, steps, seed }) {
    const n = eigenvalues.length;
    const matrix = new Float64Array(n * n);
    eigenvalues.forEach((lambda, i) => {
      matrix[i * (n + 1)] = lambda;
    });
    const { nodes, weights } = subject.density(matrix, n, seed, { probes, steps });
    const most = Math.max(...eigenvalues.map(Math.abs));
    return Array.from({ length: Math.min(2 * steps, 4) }, (_, k) => {
      const told = Array.from(nodes, (node, i) => weights[i] * node ** k).reduce((sum, one) => sum + one, 0);
      const moment = eigenvalues.reduce((sum, lambda) => sum + lambda ** k / n, 0);
      return backward(`moment ${k}`, Math.abs(told - moment), most ** k, n, subject.epsilon);
    });
  },
});

export const spectrumLaws = [honestTrace, quadrature];
