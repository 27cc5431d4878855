import type { Disk } from '../disk/disk.js';
import type { RunStarted } from '../events.js';
import { seriesOf } from '../measures.js';
import { type StepColumns, stepColumns } from '../step-columns.js';
import type { Summary } from '../summary.js';
import { LogCursor } from './log-cursor.js';
import { entryOf, type RareEntry, runOf } from './log-entry.js';
import { LogFile } from './log-file.js';
import { chunkKinds, LogError, type RareKind } from './log-format.js';
import { LogIndex } from './log-index.js';
import { extent, type Stored, summarise } from './summarise.js';
import { SummaryNode } from './summary-node.js';

/** Each takes about 3 kB. */
const mostNodes = 2_000;

/**
 * Looks things up in a log, finished or still being written: by number, by kind, by summary.
 *
 * It knows the log as it was at the last `refresh`, and holds little of it in memory, however long it is.
 *
 * @example
 * const reader = new LogReader('runs/2026-01-01-rosenbrock');
 * reader.summary(0, 'loss', 0, 1_000_000, 500); // at most 501 buckets
 * for (const { event } of reader.history('evaluation')) console.log(event);
 */
export class LogReader {
  readonly #file: LogFile;
  readonly #index: LogIndex;
  #fault: LogError | undefined;
  #run: RunStarted | undefined;
  readonly #nodes = new Map<number, SummaryNode>();

  /** @throws LogError where there is no log, or none that this version reads */
  constructor(directory: string, disk?: Disk) {
    this.#file = new LogFile(directory, disk);
    this.#index = LogIndex.of(this.#file);
    this.refresh();
  }

  /** The number of the newest event. */
  get seq(): number {
    return this.#index.next - 1;
  }

  /** What is damaged, if anything: everything before it can be looked up, nothing behind it. */
  get fault(): LogError | undefined {
    return this.#fault;
  }

  /** How many bytes behind the last whole event belong to none: half-written, now or by a crash. */
  get tornBytes(): number {
    return Math.max(0, this.#file.size() - this.#index.position);
  }

  /** The first event, once it is written. */
  get run(): RunStarted | undefined {
    if (this.#run === undefined && this.seq > 0) this.#run = runOf(this.#file);
    return this.#run;
  }

  /** Takes in what was written since, as long as there is time. Says whether there is more. */
  refresh(hasTime?: () => boolean): boolean {
    if (this.#fault !== undefined || this.#file.size() <= this.#index.position) return false;
    try {
      return this.#index.advance(this.#file, hasTime);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      this.#fault = error;
      return false;
    }
  }

  /** Looks whether the log is still the file that was opened, as long as it was: if not, that is its `fault`. */
  checkFile(): void {
    const lost = this.#file.lost(this.#index.position);
    if (lost !== undefined) this.#fault ??= new LogError(`${lost}; what is shown was read before`);
  }

  /** Reads on from an event by its number, as far as `refresh` has come. */
  cursor(from: number): () => ReturnType<LogCursor['next']> {
    const cursor = new LogCursor(this.#file, from);
    return () => cursor.next(this.#index.position);
  }

  /** The newest events of one kind, newest first. */
  *history(kind: RareKind): Generator<RareEntry, void, void> {
    for (let offset = this.#index.heads.get(chunkKinds[kind]) ?? 0; offset !== 0; ) {
      const chunk = this.#file.chunkAt(offset);
      const entry = entryOf(chunk);
      if (entry?.kind === 'event') yield entry;
      offset = chunk.previous;
    }
  }

  /** The methods that have taken steps. */
  methods(): number[] {
    return this.#index.tree.methods();
  }

  /** The first step of a method and the one behind its last, to within 15. */
  extent(method: number): [first: number, end: number] {
    return extent(this.#index.tree.open(method));
  }

  /** The names of all that is summed up of a method. */
  series(method: number): string[] {
    return seriesOf(this.run?.methods[method]);
  }

  /**
   * The steps `from` ≤ step < `to` of one series of a method, in at most `buckets` + 1 buckets of equal width;
   * where the buckets are one step wide, the values are exact.
   *
   * @throws LogError where the log is damaged in that place; RangeError where the method has no such series
   */
  summary(method: number, series: string, from: number, to: number, buckets: number): Summary {
    const place = this.series(method).indexOf(series);
    if (place < 0) throw new RangeError(`summary(series): method ${method} has no '${series}'`);
    return summarise(this.#index.tree, this.#stored, method, place, from, to, buckets);
  }

  close(): void {
    this.#file.close();
  }

  /** Stored nodes never change: the newest that were asked for are kept. */
  #node(offset: number): SummaryNode {
    const known = this.#nodes.get(offset);
    const node = known ?? new SummaryNode(this.#file.chunkAt(offset).payload.buffer);
    this.#nodes.delete(offset);
    this.#nodes.set(offset, node);
    if (this.#nodes.size > mostNodes) this.#nodes.delete(this.#nodes.keys().next().value!);
    return node;
  }

  readonly #stored: Stored = {
    node: (offset) => this.#node(offset),
    steps: (first, last) => this.#steps(first, last),
  };

  *#steps(first: number, last: number): Generator<StepColumns, void, void> {
    for (let at = first; at <= last; ) {
      const chunk = this.#file.chunkFrom(at);
      if (chunk === null) return;
      if (chunk.kind === chunkKinds.steps) yield stepColumns(chunk.payload.buffer, 0, chunk.count);
      at = chunk.end;
    }
  }
}
