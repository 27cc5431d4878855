import type fc from 'fast-check';
import { composed, type Draw } from './composed.js';

/** A symmetric matrix A = QΛQᵀ that knows its spectrum: row-major, with Q's columns the eigenvectors. */
export interface Spectral {
  readonly n: number;
  readonly matrix: Float64Array;
  readonly eigenvalues: readonly number[];
  readonly eigenvectors: Float64Array;
}

export interface SpectralOptions {
  /** Sizes, default 1 … 5. */
  sizes?: { min: number; max: number };
  /** Eigenvalues are ±2ᵏ with |k| ≤ reach, default 3: the condition number is at most 4^reach. */
  reach?: number;
  /** Which signs eigenvalues have: all '+' (default), or 'any'. */
  signs?: '+' | 'any';
}

/**
 * Symmetric matrices from {n, exponents of the eigenvalues, small whole Householder vectors}, so that the
 * condition number is chosen and not met by accident. Shrinks to the identity of size 1.
 *
 * @example spectral({ reach: 5 }) // κ up to 2¹⁰
 */
export function spectral(options: SpectralOptions = {}): fc.Arbitrary<Spectral> {
  return composed((draw) => drawSpectral(draw, options));
}

/** The same as a part of another sample. */
export function drawSpectral(draw: Draw, options: SpectralOptions = {}): Spectral {
  const { sizes = { min: 1, max: 5 }, reach = 3, signs = '+' } = options;
  const n = draw.integer(sizes.min, sizes.max);
  const reflections = draw.list(draw.integer(0, 2), () => draw.integers(n, -3, 3));
  const negative = signs === 'any' ? draw.integers(n, 0, 1) : [];
  const eigenvalues = draw.integers(n, -reach, reach);
  for (let i = 0; i < n; i++) eigenvalues[i] = (negative[i] === 1 ? -1 : 1) * 2 ** eigenvalues[i];
  return compose(eigenvalues, reflections);
}

/** QΛQᵀ, symmetrised, with Q the product of the reflections I − 2vvᵀ/vᵀv (v = 0 is left out). */
export function compose(eigenvalues: readonly number[], reflections: readonly number[][]): Spectral {
  const n = eigenvalues.length;
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (const v of reflections) {
    let square = 0;
    for (let j = 0; j < n; j++) square += v[j] * v[j];
    if (square === 0) continue;
    for (let i = 0; i < n; i++) {
      let projection = 0;
      for (let j = 0; j < n; j++) projection += q[i * n + j] * v[j];
      for (let j = 0; j < n; j++) q[i * n + j] -= (2 * projection * v[j]) / square;
    }
  }
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let total = 0;
      for (let k = 0; k < n; k++) total += q[i * n + k] * eigenvalues[k] * q[j * n + k];
      matrix[i * n + j] = total;
      matrix[j * n + i] = total;
    }
  }
  return { n, matrix, eigenvalues, eigenvectors: q };
}

/** κ = max|λ| / min|λ|. */
export function condition({ eigenvalues }: Spectral): number {
  const sizes = eigenvalues.map(Math.abs);
  return Math.max(...sizes) / Math.min(...sizes);
}
