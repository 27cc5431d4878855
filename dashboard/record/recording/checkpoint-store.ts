import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Saved } from '../../../src/index.js';
import type { Checkpoint } from '../../../streams/index.js';
import { readCheckpoint, writeCheckpoint, writeParameters } from '../checkpoint/index.js';
import { recordFiles } from './run-directory.js';

/** The checkpoints and final parameters in a run's folder, each method's under its label. */
export class CheckpointStore {
  constructor(readonly directory: string) {}

  /** Replaces the method's checkpoint by a newer one, and returns its path inside the folder. */
  write(label: string, checkpoint: Checkpoint): string {
    const file = join(recordFiles.checkpoints, fileName(label));
    writeCheckpoint(join(this.directory, file), checkpoint);
    return file;
  }

  /**
   * The method's newest checkpoint, or undefined where none was written yet.
   *
   * @throws RangeError where the file is damaged
   */
  read(label: string): Checkpoint | undefined {
    const file = join(this.directory, recordFiles.checkpoints, fileName(label));
    return existsSync(file) ? readCheckpoint(file) : undefined;
  }

  writeParameters(label: string, parameters: Saved): void {
    writeParameters(join(this.directory, fileName(label)), parameters);
  }
}

/** Labels hold nothing that a file's name may not, spaces aside. */
const fileName = (label: string) => `${label.replaceAll(' ', '_')}.safetensors`;
