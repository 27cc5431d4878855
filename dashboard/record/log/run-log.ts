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
import { chunkKinds, LogError } from './log-format.js';
import { LogIndex } from './log-index.js';
import { UnwrittenChunks } from './unwritten-chunks.js';
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
  readonly #unwritten: UnwrittenChunks;
  readonly #onFailure: (error: Error) => void;
  /** Steps that have no chunk yet. */
  readonly #steps = new StepGatherer(most.steps);
  /** The names of each method's own numbers. */
  #names: readonly (readonly string[])[] = [];
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
      this.#unwritten = new UnwrittenChunks(this.#index, environment.randomBytes(16));
    } else {
      const file = new LogFile(directory, disk);
      try {
        this.#index = LogIndex.of(file);
        this.#index.advance(file);
        this.#know(runOf(file));
        const id = this.#index.position > 0 ? file.block(0).id : environment.randomBytes(16);
        this.#unwritten = new UnwrittenChunks(this.#index, id);
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
      this.#unwritten.add(kind, 1, Buffer.from(stringifyExact(event)));
    }
    const now = this.#environment.now();
    if (now - this.#flushed >= most.milliseconds || this.#unwritten.length >= most.bytes) this.flush();
    else this.#callOff ??= this.#environment.timer(most.milliseconds, () => this.flush(), true);
  }

  /** Hands everything over to the operating system, which keeps it even if this process is killed. */
  flush(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#flushed = this.#environment.now();
    this.#chunkSteps();
    const { start, bytes } = this.#unwritten.take();
    try {
      for (let done = 0; done < bytes.length; ) {
        done += this.#disk.writeSync(this.#fd, bytes, done, bytes.length - done, start + done);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
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
    this.#index.tree.add(steps, this.#unwritten.add(chunkKinds.steps, count, new Uint8Array(payload)));
    this.#storeNodes();
  }

  #storeNodes(): void {
    const { tree } = this.#index;
    while (tree.unplaced.length > 0) tree.placed(this.#unwritten.add(chunkKinds.node, 0, tree.toStore()));
    if (this.#index.position - this.#index.spine < bytesBetweenSpines) return;
    this.#index.spine = this.#unwritten.add(chunkKinds.spine, 0, this.#index.encodeSpine());
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    const { message } = diskError(error, this.#path) as Error;
    this.#failure = new Error(`${message}; the run goes on, but is recorded no further`, { cause: error });
    this.#onFailure(this.#failure);
  }
}
