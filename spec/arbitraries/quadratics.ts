import type fc from 'fast-check';
import { composed, type Draw } from './composed.js';
import { drawDyadics } from './dyadic.js';
import { drawSpectral, type Spectral, type SpectralOptions } from './matrices.js';

/** f(x) = ½(x − x*)ᵀA(x − x*) with a chosen spectrum, and a point to start from. */
export interface Quadratic extends Spectral {
  readonly minimiser: readonly number[];
  readonly start: readonly number[];
  /** The largest eigenvalue. */
  readonly smoothness: number;
}

/** Quadratics over {spectrum, minimiser, start}, some started at the minimum. Shrinks to f(x) = ½x² from 0. */
export function quadratics(options: SpectralOptions = {}): fc.Arbitrary<Quadratic> {
  return composed((draw) => drawQuadratic(draw, options));
}

/** The same as a part of another sample. */
export function drawQuadratic(draw: Draw, options: SpectralOptions = {}): Quadratic {
  const { n, matrix, eigenvalues, eigenvectors } = drawSpectral(draw, options);
  const minimiser = drawDyadics(draw, n);
  const away = drawDyadics(draw, n);
  const start = draw.integer(0, 15) === 15 ? minimiser : away;
  const smoothness = Math.max(...eigenvalues);
  return { n, matrix, eigenvalues, eigenvectors, minimiser, start, smoothness };
}

/** f(x). */
export function quadraticAt({ n, matrix, minimiser }: Quadratic, x: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) total += matrix[i * n + j] * (x[i] - minimiser[i]) * (x[j] - minimiser[j]);
  }
  return total / 2;
}

/** A(x − x*). */
export function gradientOf({ n, matrix, minimiser }: Quadratic, x: ArrayLike<number>): Float64Array {
  const gradient = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) gradient[i] += matrix[i * n + j] * (x[j] - minimiser[j]);
  }
  return gradient;
}

/** Qᵀ(x − x*): the error in each eigenmode. */
export function modes({ n, eigenvectors, minimiser }: Quadratic, x: ArrayLike<number>): Float64Array {
  const error = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) error[k] += eigenvectors[i * n + k] * (x[i] - minimiser[i]);
  }
  return error;
}
