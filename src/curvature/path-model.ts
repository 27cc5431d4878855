/**
 * A model's Hessian B as a path asks for it that starts along d and stops, one after the other, in the variables that
 * meet a bound; z is where it has come to.
 */
export interface PathModel {
  begin(d: Float64Array): void;
  /** z ← z + step·d. */
  advance(step: number): void;
  /** Component i of d, which was di, is 0 from here on; `squares` is dᵀd after that. */
  drop(i: number, di: number, squares: number): void;
  /** dᵀBd. */
  curvature(): number;
  /** dᵀBz. */
  turn(): number;
  /** into ← Bz, for any z. */
  product(z: Float64Array, into: Float64Array): void;
  /** into ← B⁻¹·right over the free variables alone, both in their order; false where there is no such step. */
  subspace(free: Int32Array, right: Float64Array, into: Float64Array): boolean;
}
