import { series } from '../measures.js';
import { numberAt, type StepColumns } from '../step-columns.js';
import { markOf } from '../summary.js';

/** How many buckets a node has, and how many times wider they are one level up. */
export const fan = 16;

const headerBytes = 32;
const bytesOf = (width: number) => headerBytes + 8 * 2 * fan + (3 * 8 + 4 + 1) * fan * width;

/**
 * A node of the pyramid: `fan` buckets, each summing up `fan`^level step numbers of one method; the node with
 * index i covers the steps i·fan^(level+1) … (i+1)·fan^(level+1) − 1. All it knows stands in `bytes`, which is
 * what the log stores. Cell `bucket·series + s` belongs to series s: `series` counts those that every method has
 * and the numbers of this method's own.
 */
export class SummaryNode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #numbers: Float64Array;
  readonly #words: Uint16Array;
  /** How many series it sums up. */
  readonly series: number;
  /** On level 1: the first byte of the chunk that holds a bucket's first step. Above: of its node one level down. */
  readonly first: Float64Array;
  /** On level 1: the first byte of the chunk that holds a bucket's last step. */
  readonly last: Float64Array;
  /** Over the finite values; +∞ and −∞ where there are none. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  /** How many finite values. */
  readonly values: Uint32Array;
  readonly marks: Uint8Array;

  constructor(buffer: ArrayBuffer) {
    this.#words = new Uint16Array(buffer, 0, 3);
    this.series = this.#words[2] || series.length;
    const cells = fan * this.series;
    if (buffer.byteLength !== bytesOf(this.series)) {
      throw new RangeError(`SummaryNode: expected ${bytesOf(this.series)} bytes, got ${buffer.byteLength}`);
    }
    const columns = (place: number, length: number) =>
      new Float64Array(buffer, headerBytes + 8 * place, length);
    this.bytes = new Uint8Array(buffer);
    this.#numbers = new Float64Array(buffer, 8, 2);
    this.first = columns(0, fan);
    this.last = columns(fan, fan);
    this.min = columns(2 * fan, cells);
    this.max = columns(2 * fan + cells, cells);
    this.sum = columns(2 * fan + 2 * cells, cells);
    const tail = headerBytes + 8 * (2 * fan + 3 * cells);
    this.values = new Uint32Array(buffer, tail, cells);
    this.marks = new Uint8Array(buffer, tail + 4 * cells, cells);
  }

  static empty(method: number, level: number, index: number, width: number = series.length): SummaryNode {
    const buffer = new ArrayBuffer(bytesOf(width));
    // Where there are no series but those of every method, 0 stands for their number, as in logs of 0.1.0.
    new Uint16Array(buffer).set([method, level, width === series.length ? 0 : width]);
    const node = new SummaryNode(buffer);
    node.#numbers[0] = index;
    node.min.fill(Number.POSITIVE_INFINITY);
    node.max.fill(Number.NEGATIVE_INFINITY);
    return node;
  }

  /** The nodes that stand in a row in `bytes`. */
  static list(bytes: Uint8Array<ArrayBuffer>): SummaryNode[] {
    const nodes: SummaryNode[] = [];
    for (let at = 0; at < bytes.length; ) {
      const width = bytes[at + 4] + 256 * bytes[at + 5] || series.length;
      nodes.push(new SummaryNode(bytes.slice(at, at + bytesOf(width)).buffer));
      at += bytesOf(width);
    }
    return nodes;
  }

  get method(): number {
    return this.#words[0];
  }

  get level(): number {
    return this.#words[1];
  }

  get index(): number {
    return this.#numbers[0];
  }

  /** The node of the same place that was stored before this one, 0 if none: steps taken again come late. */
  get previous(): number {
    return this.#numbers[1];
  }

  set previous(offset: number) {
    this.#numbers[1] = offset;
  }

  /** How many step numbers a bucket covers. */
  get width(): number {
    return fan ** this.level;
  }

  /** The step number at which a bucket begins. */
  start(bucket: number): number {
    return (this.index * fan + bucket) * this.width;
  }

  isEmpty(bucket: number): boolean {
    const cell = this.cell(bucket, 0);
    return this.values[cell] === 0 && this.marks[cell] === 0;
  }

  cell(bucket: number, place: number): number {
    return bucket * this.series + place;
  }

  /** Takes in one step, found in the chunk at `offset`. */
  add(bucket: number, steps: StepColumns, i: number, offset: number): void {
    if (this.first[bucket] === 0) this.first[bucket] = offset;
    this.last[bucket] = offset;
    const cell = this.cell(bucket, 0);
    for (let s = 0; s < series.length; s++) this.#value(cell + s, steps[series[s]][i]);
    for (let s = series.length; s < this.series; s++) {
      const x = numberAt(steps, i, s);
      if (x !== undefined) this.#value(cell + s, x);
    }
  }

  /** Takes in all of a node one level down. */
  merge(bucket: number, child: SummaryNode): void {
    for (let s = 0; s < this.series; s++) {
      const into = this.cell(bucket, s);
      for (let cell = s; cell < fan * this.series; cell += this.series) {
        this.min[into] = Math.min(this.min[into], child.min[cell]);
        this.max[into] = Math.max(this.max[into], child.max[cell]);
        this.sum[into] += child.sum[cell];
        this.values[into] += child.values[cell];
        this.marks[into] |= child.marks[cell];
      }
    }
  }

  #value(cell: number, x: number): void {
    if (Number.isFinite(x)) {
      if (x < this.min[cell]) this.min[cell] = x;
      if (x > this.max[cell]) this.max[cell] = x;
      this.sum[cell] += x;
      this.values[cell]++;
    } else {
      this.marks[cell] |= markOf(x);
    }
  }
}
