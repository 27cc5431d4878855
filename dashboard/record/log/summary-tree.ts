import { type StepColumns, summedUp } from '../step-columns.js';
import { fan, SummaryNode } from './summary-node.js';

/**
 * The pyramid of min–max summaries while it grows: on every level the node that is being filled.
 *
 * A node that is full, or left for another place, is closed: taken into its parent and handed out to be
 * stored. Where the stored node stands is told by `placed`, in the order of closing.
 */
export class SummaryTree {
  /** The open nodes: by method, then by level from 1. */
  readonly #open = new Map<number, SummaryNode[]>();
  /** Closed nodes whose place is not known yet, oldest first. */
  readonly unplaced: { readonly node: SummaryNode; readonly parent: SummaryNode }[] = [];

  /** The methods that have taken steps. */
  methods(): number[] {
    return [...this.#open.keys()].sort((a, b) => a - b);
  }

  /** The open nodes of a method, by level from 1; the last one is the root. */
  open(method: number): readonly SummaryNode[] {
    return this.#open.get(method) ?? [];
  }

  /** Takes in the steps of the chunk at `offset`. */
  add(steps: StepColumns, offset: number): void {
    for (let i = 0; i < steps.method.length; i++) {
      const bucket = Math.floor(steps.step[i] / fan);
      const node = this.#nodeOf(steps.method[i], 1, Math.floor(bucket / fan), summedUp(steps, i));
      node.add(bucket % fan, steps, i, offset);
    }
  }

  /** The oldest unplaced node as it has to be stored; its place is to be told next. */
  toStore(): Uint8Array<ArrayBuffer> {
    const { node, parent } = this.unplaced[0];
    node.previous = parent.first[node.index % fan];
    return node.bytes;
  }

  /** The oldest unplaced node has been stored at `offset`. */
  placed(offset: number): void {
    const { node, parent } = this.unplaced.shift()!;
    parent.first[node.index % fan] = offset;
  }

  /** All open nodes, to be restored by {@link restore}. Every closed node has to have its place. */
  spine(): Uint8Array<ArrayBuffer> {
    const nodes = [...this.#open.values()].flat();
    const bytes = new Uint8Array(nodes.reduce((total, node) => total + node.bytes.length, 0));
    nodes.reduce((at, node) => {
      bytes.set(node.bytes, at);
      return at + node.bytes.length;
    }, 0);
    return bytes;
  }

  restore(spine: Uint8Array<ArrayBuffer>): void {
    for (const node of SummaryNode.list(spine)) {
      const levels = this.#open.get(node.method) ?? [];
      levels[node.level - 1] = node;
      this.#open.set(node.method, levels);
    }
  }

  #nodeOf(method: number, level: number, index: number, width: number): SummaryNode {
    let levels = this.#open.get(method);
    if (levels === undefined) this.#open.set(method, (levels = []));
    const node = levels[level - 1];
    if (node?.index === index) return node;
    if (node !== undefined) {
      const parent = this.#nodeOf(method, level + 1, Math.floor(node.index / fan), width);
      parent.merge(node.index % fan, node);
      this.unplaced.push({ node, parent });
    }
    return (levels[level - 1] = SummaryNode.empty(method, level, index, width));
  }
}
