import { Column } from '../../../record/column.js';
import { mark } from '../../../record/summary.js';

/** What a stretch of values holds, in one pass: enough to draw it in one pixel on a linear or a log axis. */
export interface Extent {
  /** Least and greatest finite value; +∞ and −∞ where there is none. */
  low: number;
  high: number;
  /** Least finite value above 0, for log axes; +∞ where there is none. */
  lowPositive: number;
  /** Which of NaN, +∞, −∞ occur: an OR of the bits of `mark`. */
  oddities: number;
}

/** Many values that came as their summary. */
export interface Bucket {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly values: number;
  readonly marks: number;
}

/** Values a block of the lowest level sums up; each further level sums up as many blocks. */
const fanOut = 64;
const levels = 3;

export function emptyExtent(): Extent {
  return { low: Infinity, high: -Infinity, lowPositive: Infinity, oddities: 0 };
}

/** Widens `extent` by one value. */
export function include(extent: Extent, value: number): void {
  if (Number.isFinite(value)) {
    if (value < extent.low) extent.low = value;
    if (value > extent.high) extent.high = value;
    if (value > 0 && value < extent.lowPositive) extent.lowPositive = value;
  } else {
    extent.oddities |= oddity(value);
  }
}

/** The bit of a value that is not finite; 0 for a finite one. */
export function oddity(value: number): number {
  if (Number.isNaN(value)) return mark.nan;
  if (value === Infinity) return mark.infinity;
  return value === -Infinity ? mark.minusInfinity : 0;
}

/**
 * A column with a pyramid of min–max summaries beside it, so that the extent of any stretch is known after
 * O(64 · log n) reads. Blocks are written as they fill up; the unfinished tail is read value by value.
 */
export class Series {
  readonly values = new Column();
  readonly #pyramid: readonly Level[] = Array.from({ length: levels }, () => new Level());
  /** The entries that stand for many values. */
  readonly #buckets = new Map<number, Bucket>();

  get length(): number {
    return this.values.length;
  }

  /** The value at `index`, or the mean of the finite ones of a bucket. */
  at(index: number): number {
    return this.values.at(index);
  }

  /** The bucket at `index`, where a single value is not all there is. */
  bucket(index: number): Bucket | undefined {
    return this.#buckets.size === 0 ? undefined : this.#buckets.get(index);
  }

  /** Whether any of the entries [from, to) stands for many values. */
  hasBuckets(from: number, to: number): boolean {
    for (const index of this.#buckets.keys()) if (index >= from && index < to) return true;
    return false;
  }

  push(value: number): void {
    this.values.push(value);
    this.#summarise();
  }

  pushBucket(bucket: Bucket): void {
    if (bucket.values === 1 && bucket.marks === 0) {
      this.push(bucket.mean);
      return;
    }
    this.#buckets.set(this.values.length, bucket);
    this.values.push(bucket.mean);
    this.#summarise();
  }

  /** Sums up the blocks that the newest entry has filled. */
  #summarise(): void {
    if (this.values.length % fanOut !== 0) return;
    for (let level = 0, size = fanOut; level < levels; level++, size *= fanOut) {
      if (this.values.length % size !== 0) break;
      this.#pyramid[level]!.push(this.extent(this.values.length - size, this.values.length));
    }
  }

  truncate(length: number): void {
    for (const index of this.#buckets.keys()) if (index >= length) this.#buckets.delete(index);
    this.values.truncate(length);
    for (let level = 0, size = fanOut; level < levels; level++, size *= fanOut) {
      this.#pyramid[level]!.truncate(Math.floor(this.values.length / size));
    }
  }

  /** What lies in [from, to). */
  extent(from: number, to: number, into: Extent = emptyExtent()): Extent {
    const end = Math.min(to, this.values.length);
    let index = Math.max(0, from);
    while (index < end) {
      let size = 1;
      let level = -1;
      for (let above = 0, width = fanOut; above < levels; above++, width *= fanOut) {
        if (index % width !== 0 || index + width > end || index / width >= this.#pyramid[above]!.length)
          break;
        size = width;
        level = above;
      }
      if (level < 0) this.#include(into, index);
      else this.#pyramid[level]!.widen(into, index / size);
      index += size;
    }
    return into;
  }

  #include(extent: Extent, index: number): void {
    const bucket = this.bucket(index);
    if (bucket === undefined) {
      include(extent, this.values.at(index));
      return;
    }
    extent.oddities |= bucket.marks;
    if (bucket.values === 0) return;
    for (const value of [bucket.min, bucket.mean, bucket.max]) include(extent, value);
  }
}

/** One level of the pyramid: an extent a block, in columns. */
class Level {
  readonly #low = new Column();
  readonly #high = new Column();
  readonly #lowPositive = new Column();
  readonly #oddities = new Column();

  get length(): number {
    return this.#low.length;
  }

  push(extent: Extent): void {
    this.#low.push(extent.low);
    this.#high.push(extent.high);
    this.#lowPositive.push(extent.lowPositive);
    this.#oddities.push(extent.oddities);
  }

  truncate(length: number): void {
    for (const column of [this.#low, this.#high, this.#lowPositive, this.#oddities]) column.truncate(length);
  }

  widen(extent: Extent, block: number): void {
    extent.low = Math.min(extent.low, this.#low.at(block));
    extent.high = Math.max(extent.high, this.#high.at(block));
    extent.lowPositive = Math.min(extent.lowPositive, this.#lowPositive.at(block));
    extent.oddities |= this.#oddities.at(block);
  }
}
