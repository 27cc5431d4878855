/** Iterations for each value; two are usual. */
const iterationsPerValue = 60;

/**
 * Walks down a symmetric tridiagonal or a bidiagonal matrix while it falls apart: finds the block of coupled
 * entries to iterate on next, until none is left.
 *
 * d₀ … d_{n−1} stand on the diagonal and eᵢ couples i and i+1. An eᵢ is set to 0, and couples no longer, where
 * |eᵢ| ≤ `absolute` times the largest entry at the start, or |eᵢ| ≤ `relative`·(|dᵢ| + |dᵢ₊₁|).
 */
export class CoupledBlocks {
  /** The block goes from `low` to `high`, both inclusive. */
  low = 0;
  high = 0;
  /** Whether the block has other ends than the last. */
  fresh = false;
  /** What counts as zero beside the largest entry. */
  readonly negligible: number;
  #budget: number;

  constructor(
    private readonly d: Float64Array,
    private readonly e: Float64Array,
    private readonly n: number,
    absolute: number,
    private readonly relative: number,
  ) {
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i]), i + 1 < n ? Math.abs(e[i]) : 0);
    this.negligible = absolute * largest;
    this.#budget = iterationsPerValue * n;
  }

  /** Finds the next block; false when there is none left, or sixty iterations a value were not enough. */
  next(): boolean {
    const { low, high } = this;
    for (const last = this.n - 1; this.low <= last; this.low++) {
      this.high = this.#coupledTo(this.low, last);
      if (this.high === this.low) continue;
      this.fresh = this.low !== low || this.high !== high;
      return this.#budget-- > 0;
    }
    return false;
  }

  /** Whether every value has appeared. */
  get done(): boolean {
    return this.low >= this.n;
  }

  /** The last index that couplings reach from this one. */
  #coupledTo(index: number, last: number): number {
    const { d, e, negligible, relative } = this;
    for (let i = index; i < last; i++) {
      const size = Math.abs(e[i]);
      if (size > negligible && size > relative * (Math.abs(d[i]) + Math.abs(d[i + 1]))) continue;
      e[i] = 0;
      return i;
    }
    return last;
  }
}

/** A rotation from numbers whose squares underflow would not be one; the largest entry is at least 2⁻³⁰⁰. */
export const beneathNotice = 2 ** -480;
