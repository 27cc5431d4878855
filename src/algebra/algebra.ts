/** The numbers of a step of Adam's moments: memories, corrections for bias, and ε. */
export interface MomentRule {
  readonly beta1: number;
  readonly beta2: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly epsilon: number;
}

export interface MomentStep<T> {
  readonly mean: T;
  readonly square: T;
  readonly direction: T;
}

/**
 * What an optimizer may do to an array of type `T`: one method, written once, computes in float64 on the
 * host and on the arrays of any library alike.
 *
 * Conventions: matrices are row-major. Binary operations take two arrays of one shape, or an array and a
 * 0-d array, or an array and a number; nothing else broadcasts. Reductions return a 0-d array, and only
 * `number` and `values` bring values to the host (on a GPU each such read stalls the device).
 * A NaN goes through every operation: none of them may swallow it.
 */
export interface Algebra<T> {
  readonly name: string;
  /** Distance from 1 to the next larger number: 2⁻⁵² for float64, 2⁻²³ for float32. */
  readonly epsilon: number;

  /** A new array with these row-major values. */
  array(values: ArrayLike<number>, shape: readonly number[]): T;
  /** A new array of this shape, every entry `value`. */
  fill(shape: readonly number[], value: number): T;
  /** A copy with a life of its own. */
  copy(x: T): T;
  isArray(x: unknown): x is T;
  shape(x: T): readonly number[];

  /** The value of an array with one entry. Waits for the device. */
  number(x: T): number;
  /** All values, row-major, as a copy in float64. Waits for the device. */
  values(x: T): Float64Array;
  /** All values once the device has them, nobody waiting. Only where the device may be lost, with a `DeviceLost`. */
  readonly later?: (x: T) => Promise<Float64Array>;

  add(x: T, y: T | number): T;
  sub(x: T, y: T | number): T;
  mul(x: T, y: T | number): T;
  div(x: T, y: T | number): T;
  min(x: T, y: T | number): T;
  max(x: T, y: T | number): T;
  /** a·x + b·y for arrays of one shape: the one fused operation every moving average needs. */
  combine(a: number, x: T, b: number, y: T): T;
  neg(x: T): T;
  abs(x: T): T;
  sign(x: T): T;
  square(x: T): T;
  sqrt(x: T): T;
  pow(x: T, exponent: number): T;
  /** 1 where x > y, else 0 (0 where either is NaN). */
  greater(x: T, y: T | number): T;
  /** x where condition ≠ 0, else y. */
  where(condition: T, x: T, y: T): T;

  /** Σ xᵢ, 0-d. */
  sum(x: T): T;
  /** Σ xᵢyᵢ for arrays of one shape, 0-d. */
  dot(x: T, y: T): T;
  /** 1 if every entry is finite, else 0; 0-d. */
  finite(x: T): T;

  /**
   * What `momentStep` computes, in one pass over memory and to the same bits; undefined where there is no such pass.
   */
  readonly moments?: ((m: T, v: T, u: T, by: MomentRule) => MomentStep<T>) | undefined;

  /**
   * [m, k] · [k, n] → [m, n], either operand read transposed on request; of two stacks of as many matrices,
   * [s, m, k] and [s, k, n], each with each: [s, m, n].
   */
  matmul(x: T, y: T, transposeX?: boolean, transposeY?: boolean): T;
  transpose(x: T): T;
  reshape(x: T, shape: readonly number[]): T;
  /** The box of `size` entries an axis that begins at `begin`, a copy. */
  slice(x: T, begin: readonly number[], size: readonly number[]): T;
  /** Arrays one behind the other along an axis; their other axes have one length. */
  concat(xs: readonly T[], axis: number): T;

  /**
   * Runs `body` and frees every array made inside it, save those in the returned tree. The saved ones
   * belong to the enclosing scope, or, outside all scopes, to the caller, who gives them back by `release`.
   */
  scope<R>(body: () => R): R;
  /** Gives an array's memory back; it must not be read afterwards. */
  release(x: T): void;
  /** How many arrays are alive: the number that must stay constant over a run. */
  live(): number;
}
