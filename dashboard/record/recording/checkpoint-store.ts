import { join } from 'node:path';
import type { Saved } from '../../../src/index.js';
import type { Checkpoint } from '../../../streams/index.js';
import { readCheckpoint, writeCheckpoint, writeParameters } from '../checkpoint/index.js';
import { type Disk, nodeDisk } from '../disk/disk.js';
import { DiskError } from '../disk/disk-error.js';
import { recordFiles } from './run-directory.js';

export interface CheckpointStoreOptions {
  /** Told once a file when the disk fails; the run goes on. By default a warning of the process. */
  onFailure?(error: Error): void;
  /** Default: the file system. */
  disk?: Disk;
}

/** Where checkpoints and final parameters are kept, each method's under its label. */
export interface Store {
  /** Replaces the method's checkpoint by a newer one, and answers its path; undefined where there is none. */
  write(label: string, checkpoint: Checkpoint): string | undefined;
  writeParameters(label: string, parameters: Saved): void;
}

/** For runs without a record. */
export const nowhere: Store = { write: () => undefined, writeParameters() {} };

/** The checkpoints and final parameters in a run's folder, each method's under its label. */
export class CheckpointStore implements Store {
  readonly #disk: Disk;
  readonly #onFailure: (error: Error) => void;
  /** The files of which it was told that they cannot be written. */
  readonly #failed = new Set<string>();

  constructor(
    readonly directory: string,
    options: CheckpointStoreOptions = {},
  ) {
    this.#disk = options.disk ?? nodeDisk;
    this.#onFailure = options.onFailure ?? ((error) => process.emitWarning(error));
  }

  /**
   * Replaces the method's checkpoint by a newer one, and returns its path inside the folder; undefined where the disk
   * fails: the older one stays.
   */
  write(label: string, checkpoint: Checkpoint): string | undefined {
    const file = join(recordFiles.checkpoints, fileName(label));
    const isWritten = this.#try(file, 'the run goes on, and an older checkpoint stays', (path) =>
      writeCheckpoint(path, checkpoint, this.#disk),
    );
    return isWritten ? file : undefined;
  }

  /**
   * The method's newest checkpoint, or undefined where none was written yet.
   *
   * @throws RangeError where the file is damaged; DiskError where it cannot be read
   */
  read(label: string): Checkpoint | undefined {
    const file = join(this.directory, recordFiles.checkpoints, fileName(label));
    return this.#disk.existsSync(file) ? readCheckpoint(file, this.#disk) : undefined;
  }

  writeParameters(label: string, parameters: Saved): void {
    this.#try(fileName(label), 'the run goes on without this file', (path) =>
      writeParameters(path, parameters, this.#disk),
    );
  }

  /** Whether `write` did; where the disk failed, it is told once a file. */
  #try(file: string, consequence: string, write: (path: string) => void): boolean {
    try {
      write(join(this.directory, file));
      return true;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (!this.#failed.has(file))
        this.#onFailure(new Error(`${error.message}; ${consequence}`, { cause: error }));
      this.#failed.add(file);
      return false;
    }
  }
}

/** Labels hold nothing that a file's name may not, spaces aside. */
export const fileName = (label: string) => `${label.replaceAll(' ', '_')}.safetensors`;
