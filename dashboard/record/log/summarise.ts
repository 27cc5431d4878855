import { numberAt, type StepColumns } from '../step-columns.js';
import { markOf, type Summary } from '../summary.js';
import { fan, type SummaryNode } from './summary-node.js';
import type { SummaryTree } from './summary-tree.js';

/** What summarising reads of a log besides the open nodes. */
export interface Stored {
  node(offset: number): SummaryNode;
  /** The steps of all chunks that begin at the bytes `first` … `last`. */
  steps(first: number, last: number): Iterable<StepColumns>;
}

/**
 * The steps `from` ≤ step < `to` of the `place`-th series in at most `buckets` + 1 buckets.
 *
 * Reads the level whose buckets are just fine enough, so that the cost depends on `buckets`, not on the
 * length of the log. Buckets are whole, and begin at multiples of that level's width: the first may begin
 * before `from`, the last end behind `to`.
 */
export function summarise(
  tree: SummaryTree,
  stored: Stored,
  method: number,
  place: number,
  from: number,
  to: number,
  buckets: number,
): Summary {
  const [firstStep, end] = extent(tree.open(method));
  const length = Math.min(to, end) - Math.max(from, firstStep);
  const wanted = Math.max(1, length / buckets);
  const level = Math.floor(Math.log(wanted) / Math.log(fan) + 1e-9); // fan^level is exact, its logarithm not quite
  const unit = fan ** level;
  const width = unit * Math.ceil(wanted / unit);
  const begin = Math.floor(Math.max(from, firstStep) / unit) * unit;
  const count = length > 0 ? Math.ceil((Math.min(to, end) - begin) / width) : 0;
  const last = begin + count * width;
  const sums = new Buckets(begin, width, count);
  const ranges: [first: number, last: number][] = [];

  const visit = (node: SummaryNode): void => {
    for (let bucket = 0; bucket < fan; bucket++) {
      const start = node.start(bucket);
      if (node.isEmpty(bucket) || start >= last || start + node.width <= begin) continue;
      if (node.width <= unit) sums.addBucket(start, node, node.cell(bucket, place));
      else if (node.level === 1) ranges.push([node.first[bucket], node.last[bucket]]);
      else {
        for (let offset = node.first[bucket]; offset !== 0; ) {
          const child = stored.node(offset);
          visit(child);
          offset = child.previous;
        }
        for (const { node: child, parent } of tree.unplaced) {
          if (parent === node && child.index % fan === bucket) visit(child);
        }
      }
    }
  };
  for (const node of tree.open(method)) visit(node);

  for (const [first, final] of merged(ranges)) {
    for (const steps of stored.steps(first, final)) {
      for (let i = 0; i < steps.method.length; i++) {
        const step = steps.step[i];
        if (steps.method[i] !== method || step < begin || step >= last) continue;
        const x = numberAt(steps, i, place);
        if (x !== undefined) sums.addValue(step, x);
      }
    }
  }
  return sums.summary();
}

/** The first step number and the one behind the last, to the width of the finest buckets. */
export function extent(nodes: readonly SummaryNode[]): [first: number, end: number] {
  let first = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const node of nodes) {
    for (let bucket = 0; bucket < fan; bucket++) {
      if (node.isEmpty(bucket)) continue;
      first = Math.min(first, node.start(bucket));
      end = Math.max(end, node.start(bucket) + node.width);
    }
  }
  return [first === Number.POSITIVE_INFINITY ? 0 : first, end];
}

class Buckets {
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #sum: Float64Array;
  readonly #values: Uint32Array;
  readonly #marks: Uint8Array;

  constructor(
    readonly begin: number,
    readonly width: number,
    count: number,
  ) {
    this.#min = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#sum = new Float64Array(count);
    this.#values = new Uint32Array(count);
    this.#marks = new Uint8Array(count);
  }

  addBucket(start: number, node: SummaryNode, cell: number): void {
    const i = Math.floor((start - this.begin) / this.width);
    this.#min[i] = Math.min(this.#min[i], node.min[cell]);
    this.#max[i] = Math.max(this.#max[i], node.max[cell]);
    this.#sum[i] += node.sum[cell];
    this.#values[i] += node.values[cell];
    this.#marks[i] |= node.marks[cell];
  }

  addValue(step: number, x: number): void {
    const i = Math.floor((step - this.begin) / this.width);
    this.#marks[i] |= markOf(x);
    if (!Number.isFinite(x)) return;
    this.#min[i] = Math.min(this.#min[i], x);
    this.#max[i] = Math.max(this.#max[i], x);
    this.#sum[i] += x;
    this.#values[i]++;
  }

  summary(): Summary {
    const kept: number[] = [];
    for (let i = 0; i < this.#min.length; i++) if (this.#values[i] > 0 || this.#marks[i] > 0) kept.push(i);
    return {
      width: this.width,
      step: Float64Array.from(kept, (i) => this.begin + i * this.width),
      min: Float64Array.from(kept, (i) => this.#min[i]),
      max: Float64Array.from(kept, (i) => this.#max[i]),
      mean: Float64Array.from(kept, (i) => this.#sum[i] / this.#values[i]),
      values: Uint32Array.from(kept, (i) => this.#values[i]),
      marks: Uint8Array.from(kept, (i) => this.#marks[i]),
    };
  }
}

/** Ranges in order, those that overlap made one, so that no chunk is read twice. */
function merged(ranges: [first: number, last: number][]): [first: number, last: number][] {
  const result: [number, number][] = [];
  for (const [first, last] of ranges.sort(([a], [b]) => a - b)) {
    const before = result.at(-1);
    if (before !== undefined && first <= before[1]) before[1] = Math.max(before[1], last);
    else result.push([first, last]);
  }
  return result;
}
