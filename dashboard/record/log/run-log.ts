import { join } from 'node:path';
import { wholeNumber } from '../../../src/algebra/argument.js';
import { type Environment, realEnvironment } from '../../../streams/environment.js';
import { type Disk, makeFolder, nodeDisk, syncFolder } from '../disk/disk.js';
import { diskError, onFile } from '../disk/disk-error.js';
import type { RunEvent, RunStarted, StepTaken } from '../events.js';
import { stringifyExact } from '../exact-json.js';
import { checkMeasures, ownMeasures } from '../measures.js';
import { StepGatherer, stepColumns } from '../step-columns.js';
import { kindOf, runOf } from './log-entry.js';
import { LogFile, logName } from './log-file.js';
import {
  blockBytes,
  chunkKinds,
  headerBytes,
  LogError,
  roomAt,
  segmentBytes,
  writeBlock,
  writeFragmentHeader,
} from './log-format.js';
import { LogIndex } from './log-index.js';
import { lockLog } from './writer-lock.js';

export interface RunLogOptions {
  /** Told once when the disk fails; the run goes on unrecorded. By default a warning of the process. */
  onFailure?(error: Error): void;
  /** Default: the file system. */
  disk?: Disk;
  /** Default: this machine's clock. */
  environment?: Environment;
}

/** Steps that wait for the others of their chunk, bytes that wait for the disk, and for how long at most. */
const most = { steps: 512, bytes: 1 << 16, milliseconds: 100 };
/** A reader that opens the log reads no more than this behind the newest spine. */
const bytesBetweenSpines = 1 << 22;

/**
 * The record of a run: an append-only file that a crash at any byte costs at most what was not flushed yet.
 *
 * Events are numbered from 1. `append` costs about a microsecond a step: steps are gathered in columns
 * and written together, at the latest 100 ms after they came, or as soon as the thread is free after that.
 *
 * @example
 * const log = RunLog.create('runs/2026-01-01-rosenbrock');
 * log.append({ kind: 'step', method: 0, step: 0, seconds: 0, loss: 24.2, gradientNorm: 232, updateNorm: 1, milliseconds: 0.01 });
 * log.close();
 */
export class RunLog {
  readonly #path: string;
  readonly #disk: Disk;
  readonly #environment: Environment;
  readonly #fd: number;
  readonly #unlock: () => void;
  readonly #index: LogIndex;
  readonly #id: Uint8Array;
  readonly #onFailure: (error: Error) => void;
  /** Steps that have no chunk yet. */
  readonly #steps = new StepGatherer(most.steps);
  /** The names of each method's own numbers. */
  #names: readonly (readonly string[])[] = [];
  /** Bytes that are not on disk yet: those before `#index.position`. */
  #buffer = Buffer.alloc(2 * most.bytes);
  #used = 0;
  #flushed: number;
  #callOff: (() => void) | undefined;
  #closed = false;
  #failure: Error | undefined;

  private constructor(directory: string, unlock: () => void, isNew: boolean, options: RunLogOptions) {
    this.#unlock = unlock;
    this.#onFailure = options.onFailure ?? ((error) => process.emitWarning(error));
    const disk = (this.#disk = options.disk ?? nodeDisk);
    const environment = (this.#environment = options.environment ?? realEnvironment);
    this.#flushed = environment.now();
    const path = (this.#path = join(directory, logName));
    if (isNew) {
      this.#fd = onFile(path, () => disk.openSync(path, 'wx'));
      onFile(path, () => syncFolder(directory, disk));
      this.#index = new LogIndex();
      this.#id = environment.randomBytes(16);
    } else {
      const file = new LogFile(directory, disk);
      try {
        this.#index = LogIndex.of(file);
        this.#index.advance(file);
        this.#know(runOf(file));
        this.#id = this.#index.position > 0 ? file.block(0).id : environment.randomBytes(16);
        this.tornBytes = file.size() - this.#index.position;
      } finally {
        file.close();
      }
      this.#fd = onFile(path, () => disk.openSync(path, 'r+'));
      onFile(path, () => disk.ftruncateSync(this.#fd, this.#index.position));
    }
    this.#storeNodes(); // those whose step chunks were whole, but not they themselves
    this.flush();
  }

  /** How many bytes of half-written events `reopen` cut off. */
  readonly tornBytes: number = 0;

  /**
   * Begins the log of a run, in a directory that is made if need be.
   *
   * @throws LogError where there is a log already; DiskError where it cannot be made
   */
  static create(directory: string, options: RunLogOptions = {}): RunLog {
    const { disk = nodeDisk } = options;
    onFile(directory, () => makeFolder(directory, disk));
    if (disk.existsSync(join(directory, logName))) {
      throw new LogError(`${directory}: holds the log of a run already`);
    }
    return RunLog.#locked(directory, true, options);
  }

  /**
   * Goes on with a log: cuts off what a crash left of an event half-written, and continues the numbers.
   *
   * @throws LogError where there is no log, another process writes it, or it is damaged before its end; DiskError
   * where it cannot be written
   */
  static reopen(directory: string, options: RunLogOptions = {}): RunLog {
    const { disk = nodeDisk } = options;
    if (!disk.existsSync(join(directory, logName))) {
      throw new LogError(`${directory}: no run there (it holds no ${logName})`);
    }
    return RunLog.#locked(directory, false, options);
  }

  static #locked(directory: string, isNew: boolean, options: RunLogOptions): RunLog {
    const unlock = lockLog(directory, options.disk);
    try {
      return new RunLog(directory, unlock, isNew, options);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** The sequence number of the newest event, 0 before the first. */
  get seq(): number {
    return this.#index.next - 1 + this.#steps.count;
  }

  /** Why nothing is recorded any more, where the disk failed. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * Records an event; never throws for the disk's sake.
   *
   * @throws TypeError on a kind there is none of, or a measure that the run does not describe; RangeError on a
   * method or step that is no whole number
   */
  append(event: RunEvent): void {
    if (this.#closed) throw new Error('RunLog.append: the log is closed');
    if (this.#failure !== undefined) return;
    if (event.kind === 'step') this.#appendStep(event);
    else {
      const kind = kindOf(event);
      if (kind === undefined)
        throw new TypeError(`RunLog.append(event): no kind '${(event as RunEvent).kind}'`);
      if (event.kind === 'run') this.#know(event);
      this.#chunkSteps();
      this.#write(kind, 1, Buffer.from(stringifyExact(event)));
    }
    const now = this.#environment.now();
    if (now - this.#flushed >= most.milliseconds || this.#used >= most.bytes) this.flush();
    else this.#callOff ??= this.#environment.timer(most.milliseconds, () => this.flush(), true);
  }

  /** Hands everything over to the operating system, which keeps it even if this process is killed. */
  flush(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#flushed = this.#environment.now();
    this.#chunkSteps();
    if (this.#used === 0) return;
    const start = this.#index.position - this.#used;
    try {
      for (let done = 0; done < this.#used; ) {
        done += this.#disk.writeSync(this.#fd, this.#buffer, done, this.#used - done, start + done);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#used = 0;
  }

  /**
   * Flushes and waits for the disk, which keeps it even if the power fails.
   *
   * @returns whether everything recorded so far is there
   */
  sync(): boolean {
    this.flush();
    if (this.#failure !== undefined) return false;
    try {
      this.#disk.fsyncSync(this.#fd);
    } catch (error) {
      this.#fail(error as Error);
    }
    return this.#failure === undefined;
  }

  /** Flushes, waits for the disk, and lets another process write. Closing again does nothing. */
  close(): void {
    if (this.#closed) return;
    this.sync();
    this.#closed = true;
    this.#disk.closeSync(this.#fd);
    this.#unlock();
  }

  #appendStep(event: StepTaken): void {
    wholeNumber('RunLog.append', 'method', event.method, '[0, 65535]');
    wholeNumber('RunLog.append', 'step', event.step, '[0, 9007199254740991]');
    const names = this.#names[event.method] ?? [];
    for (const name in event.measures) {
      if (names.includes(name)) continue;
      throw new TypeError(
        `RunLog.append(measures): the run describes no '${name}' of method ${event.method}`,
      );
    }
    this.#steps.add(event, names);
    if (this.#steps.count === most.steps) this.#chunkSteps();
  }

  /** Takes down what the methods measure. */
  #know(run: RunStarted | undefined): void {
    run?.methods.forEach(checkMeasures);
    this.#names = run?.methods.map((method) => ownMeasures(method, 'number')) ?? [];
  }

  #chunkSteps(): void {
    const { count } = this.#steps;
    if (count === 0) return;
    const payload = this.#steps.take();
    const steps = stepColumns(payload, 0, count);
    this.#index.tree.add(steps, this.#write(chunkKinds.steps, count, new Uint8Array(payload)));
    this.#storeNodes();
  }

  #storeNodes(): void {
    const { tree } = this.#index;
    while (tree.unplaced.length > 0) tree.placed(this.#write(chunkKinds.node, 0, tree.toStore()));
    if (this.#index.position - this.#index.spine < bytesBetweenSpines) return;
    this.#index.spine = this.#write(chunkKinds.spine, 0, this.#index.encodeSpine());
  }

  /** Adds a chunk to the buffer and says at which byte it begins. */
  #write(kind: number, count: number, payload: Uint8Array): number {
    const index = this.#index;
    const sequence = index.next;
    const previous = index.heads.get(kind) ?? 0;
    let offset = -1;
    for (let done = 0; done < payload.length; ) {
      this.#beginFragment();
      if (offset < 0) {
        offset = index.position;
        index.next = sequence + count; // not before: the index block in front of the chunk leads to it
      }
      const length = Math.min(payload.length - done, roomAt(index.position));
      const at = this.#reserve(headerBytes + length);
      this.#buffer.set(payload.subarray(done, done + length), at + headerBytes);
      const isLast = done + length === payload.length;
      const fragment = { kind, sequence, previous, count, length, isFirst: done === 0, isLast };
      writeFragmentHeader(this.#buffer, at, fragment);
      done += length;
    }
    index.heads.set(kind, offset);
    return offset;
  }

  /** Fills up the segment where no fragment fits into it, and begins one with its index block. */
  #beginFragment(): void {
    const { position } = this.#index;
    if (position % segmentBytes !== 0 && roomAt(position) < 1) {
      const length = segmentBytes - (position % segmentBytes);
      const at = this.#reserve(length);
      this.#buffer.fill(0, at, at + length);
    }
    if (this.#index.position % segmentBytes !== 0) return;
    const segment = this.#index.position / segmentBytes;
    const { next: sequence, spine } = this.#index;
    const at = this.#reserve(blockBytes);
    writeBlock(this.#buffer, at, { segment, sequence, spine, id: this.#id });
  }

  /** Room at the end of the buffer, counted as part of the log from now on. */
  #reserve(length: number): number {
    const at = this.#used;
    if (at + length > this.#buffer.length) {
      const larger = Buffer.alloc(2 * (at + length));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    this.#used += length;
    this.#index.position += length;
    return at;
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    const { message } = diskError(error, this.#path) as Error;
    this.#failure = new Error(`${message}; the run goes on, but is recorded no further`, { cause: error });
    this.#onFailure(this.#failure);
  }
}
