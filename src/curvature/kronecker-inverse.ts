import type { Algebra } from '../algebra/algebra.js';
import { positiveDefiniteInverse } from '../linalg/inverse.js';
import { symmetricEigen } from '../linalg/symmetric-eigen.js';
import { dampedFactors, trace } from './kronecker-damping.js';

/**
 * How λ is added to A ⊗ G: 'factored' to each factor, by π; 'exact' to the product, in the factors' eigenbasis.
 */
export type KroneckerDamping = 'factored' | 'exact';

/**
 * An inverse of A ⊗ G as V ↦ LVR; or, in a basis, as V ↦ L[(LᵀVR) ⊘ D]Rᵀ with the columns of L and R the basis and D
 * [in, out] the eigenvalues, to which the damping may be added later. Arrays alone, so that it can be kept in a state.
 */
export interface KroneckerInverse<T> {
  readonly left: T;
  readonly right: T;
  readonly eigenvalues?: T;
}

/** The inverse, its arrays of type `T`, and what is worth knowing of it; or why there is none. */
export type KroneckerInversion<T> =
  | {
      readonly kind: 'inverted';
      readonly inverse: KroneckerInverse<T>;
      /** π of the factored damping. */
      readonly pi: number;
      /** The mean of the damped block's eigenvalues over their harmonic mean: 1 for a multiple of I. */
      readonly conditioning: number;
    }
  | { readonly kind: 'singular' | 'nonFinite'; readonly message: string };

/**
 * (A ⊗ G + λI)⁻¹ as products: A⁻¹VG⁻¹ of the damped factors, or by the eigenvectors of both. On the host, in float64.
 *
 * Source: Martens and Grosse 2015, sections 4.2 and 6.3; for the exact damping George et al. 2018.
 *
 * @param a n×n, row-major
 * @param g m×m, row-major
 * @param damping λ ≥ 0
 */
export function invertKronecker(
  a: Float64Array,
  n: number,
  g: Float64Array,
  m: number,
  damping: number,
  form: KroneckerDamping = 'factored',
): KroneckerInversion<Float64Array> {
  return form === 'exact' ? inBasis(a, n, g, m, damping) : byFactor(a, n, g, m, damping);
}

/** A host's inverse in another arithmetic. */
export function inverseFromHost<T>(
  algebra: Algebra<T>,
  { left, right, eigenvalues }: KroneckerInverse<Float64Array>,
): KroneckerInverse<T> {
  const [n, m] = [Math.sqrt(left.length), Math.sqrt(right.length)];
  return {
    left: algebra.array(left, [n, n]),
    right: algebra.array(right, [m, m]),
    ...(eigenvalues && { eigenvalues: algebra.array(eigenvalues, [n, m]) }),
  };
}

/** V ↦ (A ⊗ G)⁻¹V for V [in, out], `damping` added to the eigenvalues where there are some. */
export function applyKronecker<T>(algebra: Algebra<T>, inverse: KroneckerInverse<T>, v: T, damping = 0): T {
  const { left, right, eigenvalues } = inverse;
  if (eigenvalues === undefined) return algebra.matmul(algebra.matmul(left, v), right);
  const inside = algebra.matmul(algebra.matmul(left, v, true), right);
  const divisor = damping === 0 ? eigenvalues : algebra.add(eigenvalues, damping);
  return algebra.matmul(algebra.matmul(left, algebra.div(inside, divisor)), right, false, true);
}

function byFactor(
  a: Float64Array,
  n: number,
  g: Float64Array,
  m: number,
  damping: number,
): KroneckerInversion<Float64Array> {
  const damped = dampedFactors(a, n, g, m, damping);
  let conditioning = (trace(damped.a, n) / n) * (trace(damped.g, m) / m);
  const inverted = {
    left: positiveDefiniteInverse(damped.a, n),
    right: positiveDefiniteInverse(damped.g, m),
  };
  for (const [name, side] of Object.entries(inverted)) {
    if (side.kind === 'inverted') continue;
    if (side.kind === 'nonFinite') return notFinite;
    const factor = name === 'left' ? 'input' : 'output';
    return {
      kind: 'singular',
      message: `the ${factor} factor is singular at pivot ${side.pivot}: raise the damping`,
    };
  }
  const { left, right } = inverted as { [side in 'left' | 'right']: { inverse: Float64Array } };
  conditioning *= (trace(left.inverse, n) / n) * (trace(right.inverse, m) / m);
  return {
    kind: 'inverted',
    inverse: { left: left.inverse, right: right.inverse },
    pi: damped.pi,
    conditioning,
  };
}

function inBasis(
  a: Float64Array,
  n: number,
  g: Float64Array,
  m: number,
  damping: number,
): KroneckerInversion<Float64Array> {
  const basis = kroneckerBasis(a, n, g, m);
  if (basis === undefined) return notFinite;
  const eigenvalues = basis.eigenvalues.map((value) => value + damping);
  if (eigenvalues.includes(0)) {
    return { kind: 'singular', message: 'a factor has an eigenvalue of 0: raise the damping' };
  }
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    kind: 'inverted',
    inverse: { ...basis, eigenvalues },
    pi: 1,
    conditioning: mean(eigenvalues) * mean(eigenvalues.map((value) => 1 / value)),
  };
}

/** The eigenvectors of A and of G, and the eigenvalues of A ⊗ G, [in, out]; undefined where one is not finite. */
export function kroneckerBasis(
  a: Float64Array,
  n: number,
  g: Float64Array,
  m: number,
): Required<KroneckerInverse<Float64Array>> | undefined {
  const left = symmetricEigen(a, n);
  const right = symmetricEigen(g, m);
  if (left.kind !== 'decomposed' || right.kind !== 'decomposed') return undefined;
  const [valuesA, valuesG] = [semidefinite(left.values), semidefinite(right.values)];
  const eigenvalues = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) eigenvalues[i * m + j] = valuesA[i] * valuesG[j];
  return { left: left.vectors, right: right.vectors, eigenvalues };
}

/** The ascending eigenvalues of a semidefinite matrix, those that rounding alone tells from 0 set to 0. */
function semidefinite(values: Float64Array): Float64Array {
  const least = values.length * Number.EPSILON * values[values.length - 1];
  return values.map((value) => (value > least ? value : 0));
}

const notFinite = { kind: 'nonFinite', message: 'a factor is not finite' } as const;
