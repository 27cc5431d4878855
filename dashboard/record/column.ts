/** A column of numbers that grows: one Float64Array, doubled when full, so a million values cost 8 to 16 MB. */
export class Column {
  #values: Float64Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** The value at `index`; NaN outside the column. */
  at(index: number): number {
    return index >= 0 && index < this.#length ? this.#values[index]! : Number.NaN;
  }

  get last(): number {
    return this.at(this.#length - 1);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** Forgets everything from index `length` on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** The values as they lie in memory; valid until the next `push`. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** The first index whose value is at least `bound`, in a column that never falls; its length where none is. */
export function lowerBound(column: Column, bound: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column.at(middle) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index whose value lies nearest to `target`, in a column that never falls; −1 where it is empty. */
export function nearest(column: Column, target: number): number {
  const index = lowerBound(column, target);
  if (index === 0) return column.length > 0 ? 0 : -1;
  if (index === column.length) return index - 1;
  return target - column.at(index - 1) <= column.at(index) - target ? index - 1 : index;
}
