/** A point where a function is least, near it or everywhere. */
export interface Minimum {
  /** Absent where only the value is known, or where the minimum is approached at infinity. */
  readonly x?: ArrayLike<number>;
  readonly value: number;
}

/**
 * A function of n real variables in closed form, on plain Float64Arrays: what a user's module, the zoo and
 * `fromFunction` share.
 */
export interface TestFunction {
  readonly name: string;
  readonly start: ArrayLike<number>;
  value(x: Float64Array): number;
  gradient?(x: Float64Array): Float64Array;
  /** Row-major n×n. */
  hessian?(x: Float64Array): Float64Array;
  /** A known minimiser and its value. */
  readonly minimum?: { readonly x: ArrayLike<number>; readonly value: number };
  /** All minima known, the least first, local ones after it. */
  readonly minima?: readonly Minimum[];
  /** Where it was published. */
  readonly source?: string;
}
