import { cholesky } from '../linalg/cholesky.js';
import { multiply } from '../linalg/product.js';
import { symmetricEigen } from '../linalg/symmetric-eigen.js';
import { triangularSolve } from '../linalg/triangular.js';

/**
 * (A ⊗ G − C ⊗ D)⁻¹ as V ↦ L[(LᵀVR) ⊘ E]Rᵀ: L [n, n] and R [m, m] with LᵀAL = I, RᵀGR = I, LᵀCL and RᵀDR diagonal, and
 * E [n, m] the eigenvalues 1 − cᵢdⱼ of the difference there.
 */
export interface DifferenceInverse {
  readonly kind: 'inverted';
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly eigenvalues: Float64Array;
}

/**
 * The inverse of A ⊗ G − C ⊗ D where A, G are positive definite and the difference is too.
 *
 * By A = FFᵀ and F⁻¹CF⁻ᵀ = QΛQᵀ, L = F⁻ᵀQ, and so for G and D.
 * Source: Martens and Grosse 2015, appendix B.
 *
 * @param a n×n, row-major, as c; g and d are m×m
 * @returns why there is none: a side that is singular or not finite, or a difference that is not definite
 */
export function invertDifference(
  [a, c]: readonly [Float64Array, Float64Array],
  n: number,
  [g, d]: readonly [Float64Array, Float64Array],
  m: number,
): DifferenceInverse | { readonly kind: 'singular' | 'nonFinite'; readonly message: string } {
  const [inputs, outputs] = [jointBasis(a, c, n), jointBasis(g, d, m)];
  for (const [side, found] of [
    ['input', inputs],
    ['output', outputs],
  ] as const) {
    if (found.kind === 'nonFinite') return { kind: 'nonFinite', message: 'a factor is not finite' };
    if (found.kind === 'singular') {
      return { kind: 'singular', message: `the ${side} factor is singular: raise the damping` };
    }
  }
  const [left, right] = [inputs as JointBasis, outputs as JointBasis];
  const eigenvalues = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) eigenvalues[i * m + j] = 1 - left.values[i] * right.values[j];
  }
  if (!eigenvalues.every((value) => value > 0)) {
    return {
      kind: 'singular',
      message: 'what the next layer leaves of it is not positive definite: raise the damping',
    };
  }
  return { kind: 'inverted', left: left.basis, right: right.basis, eigenvalues };
}

interface JointBasis {
  readonly kind: 'found';
  /** L with LᵀAL = I and LᵀCL = diag(values). */
  readonly basis: Float64Array;
  readonly values: Float64Array;
}

function jointBasis(
  a: Float64Array,
  c: Float64Array,
  n: number,
): JointBasis | { readonly kind: 'singular' | 'nonFinite' } {
  const factored = cholesky(a, n);
  if (factored.kind !== 'factored') return { kind: factored.kind === 'nonFinite' ? 'nonFinite' : 'singular' };
  const { factor } = factored;
  // F⁻¹C, and from the left again by its transpose: C is symmetric.
  const half = solvedBy(factor, n, c);
  const inner = solvedBy(factor, n, transposed(half, n));
  const eigen = symmetricEigen(symmetrized(inner, n), n);
  if (eigen.kind !== 'decomposed') return { kind: 'nonFinite' };
  const basis = new Float64Array(n * n);
  triangularSolve('lowerTransposed', factor, n, eigen.vectors, n, basis);
  return { kind: 'found', basis, values: eigen.values };
}

function solvedBy(lower: Float64Array, n: number, b: Float64Array): Float64Array {
  const into = new Float64Array(n * n);
  triangularSolve('lower', lower, n, b, n, into);
  return into;
}

/** XYXᵀ for X [n, m] and Y [m, m]. */
export function congruence(x: Float64Array, y: Float64Array, n: number, m: number): Float64Array {
  return multiply(multiply(x, y, n, m, m), x, n, m, n, 'right');
}

function transposed(x: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[j * n + i] = x[i * n + j];
  return result;
}

function symmetrized(x: Float64Array, n: number): Float64Array {
  return x.map((entry, at) => (entry + x[(at % n) * n + Math.floor(at / n)]) / 2);
}
