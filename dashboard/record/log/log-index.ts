import { stepColumns } from '../step-columns.js';
import type { LogChunk, LogFile } from './log-file.js';
import { chunkKinds, damaged, LogError } from './log-format.js';
import { SummaryTree } from './summary-tree.js';

/** What is known of a log up to the byte `position`: enough to go on writing, or to look anything up. */
export class LogIndex {
  position = 0;
  /** The sequence number of the next event. */
  next = 1;
  /** Where the newest spine chunk begins, 0 if none. */
  spine = 0;
  /** Where the newest chunk of each kind begins. */
  readonly heads = new Map<number, number>();
  readonly tree = new SummaryTree();

  /** Starts at the newest spine, so that a long log opens as fast as a short one; `advance` does the rest. */
  static of(file: LogFile): LogIndex {
    const index = new LogIndex();
    try {
      const blocks = file.blocks();
      const { spine } = blocks > 0 ? file.block(blocks - 1) : { spine: 0 };
      if (spine > 0) index.#restore(file.chunkAt(spine));
      return index;
    } catch (error) {
      if (error instanceof LogError) return new LogIndex(); // `advance` will come to the damage, from the start
      throw error;
    }
  }

  /**
   * Takes in every whole chunk that is not known yet, as long as there is time.
   *
   * @returns whether time ran out before the end
   * @throws LogError at the first damage; what stands before it is known
   */
  advance(file: LogFile, hasTime = () => true): boolean {
    file.refresh();
    for (let chunk = file.chunkFrom(this.position); chunk !== null; chunk = file.chunkFrom(this.position)) {
      this.apply(chunk, file.path);
      if (!hasTime()) return true;
    }
    return false;
  }

  apply(chunk: LogChunk, path: string): void {
    const { kind, sequence, count, offset, end } = chunk;
    if (sequence !== this.next) {
      throw new LogError(damaged(path, offset, `event ${sequence} stands where ${this.next} should`));
    }
    if (kind === chunkKinds.steps) this.tree.add(stepColumns(chunk.payload.buffer, 0, count), offset);
    else if (kind === chunkKinds.node) {
      if (this.tree.unplaced.length === 0) throw new LogError(damaged(path, offset, 'a summary too many'));
      this.tree.placed(offset);
    } else if (kind === chunkKinds.spine) this.spine = offset;
    this.heads.set(kind, offset);
    this.next = sequence + count;
    this.position = end;
  }

  /** What a spine chunk holds: the heads, and the open nodes of the pyramid. */
  encodeSpine(): Uint8Array {
    const nodes = this.tree.spine();
    const table = Float64Array.from([this.heads.size, ...[...this.heads].flat()]);
    const bytes = new Uint8Array(table.byteLength + nodes.length);
    bytes.set(new Uint8Array(table.buffer));
    bytes.set(nodes, table.byteLength);
    return bytes;
  }

  #restore(chunk: LogChunk): void {
    if (chunk.kind !== chunkKinds.spine) throw new LogError('not a spine');
    const [size] = new Float64Array(chunk.payload.buffer, 0, 1);
    const table = new Float64Array(chunk.payload.buffer, 8, 2 * size);
    for (let i = 0; i < size; i++) this.heads.set(table[2 * i], table[2 * i + 1]);
    this.tree.restore(chunk.payload.slice(8 + 16 * size));
    this.next = chunk.sequence;
    this.spine = chunk.offset;
    this.position = chunk.end;
  }
}
