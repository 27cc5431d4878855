import type { KroneckerFactors } from '../curvature/kronecker-factors.js';
import type { KroneckerInverse } from '../curvature/kronecker-inverse.js';

/**
 * How a block is inverted: 'factored', A⁻¹VG⁻¹ with the damping divided by π; 'exact', in the eigenbasis of A ⊗ G with
 * the damping added to its eigenvalues; 'corrected', the same with the curvature's own diagonal in that basis (EKFAC);
 * 'tridiagonal', factored, with each layer conditioned on the one after it.
 */
export type KroneckerForm = 'factored' | 'exact' | 'corrected' | 'tridiagonal';

/** One layer's running factors and what was made of them last. */
export interface Block<T> {
  readonly bias: string | null;
  readonly a: T;
  readonly g: T;
  readonly inverse: KroneckerInverse<T> | null;
  /** The running cross factors with the layer after this, and Ψ made of them last, of the tridiagonal form. */
  readonly next: KroneckerFactors<T> | null;
  readonly psi: KroneckerFactors<T> | null;
}

export interface CurvatureState<T> {
  readonly count: number;
  readonly weight: number;
  /** By the path of the kernel. */
  readonly blocks: { readonly [kernel: string]: Block<T> };
  /** The running squares of parameters without a Kronecker block, by path. */
  readonly squares: { readonly [path: string]: T };
  /** Kernels and biases that are taken for three. */
  readonly apart: readonly string[];
}
