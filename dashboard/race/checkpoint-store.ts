import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Saved } from '../../src/index.js';
import type { Checkpoint } from '../../streams/index.js';
import { decodeCheckpoint, encodeCheckpoint, namedArrays } from './checkpoint-file.js';
import { recordFiles } from './run-directory.js';
import { encodeSafetensors } from './safetensors.js';

/** The checkpoints and final parameters in a run's folder, each method's under its label. */
export class CheckpointStore {
  constructor(readonly directory: string) {}

  /** Replaces the method's checkpoint by a newer one, and returns its path inside the folder. */
  write(label: string, checkpoint: Checkpoint): string {
    const file = join(recordFiles.checkpoints, fileName(label));
    replace(join(this.directory, file), encodeCheckpoint(checkpoint));
    return file;
  }

  /**
   * The method's newest checkpoint, or undefined where none was written yet.
   *
   * @throws RangeError where the file is damaged
   */
  read(label: string): Checkpoint | undefined {
    const file = join(this.directory, recordFiles.checkpoints, fileName(label));
    if (!existsSync(file)) return undefined;
    try {
      return decodeCheckpoint(readFileSync(file));
    } catch (error) {
      throw new RangeError(`${file}: ${(error as Error).message}`, { cause: error });
    }
  }

  writeParameters(label: string, parameters: Saved): void {
    replace(join(this.directory, fileName(label)), encodeSafetensors(namedArrays(parameters)));
  }
}

/** Labels hold nothing that a file's name may not, spaces aside. */
const fileName = (label: string) => `${label.replaceAll(' ', '_')}.safetensors`;

/** The old file or the new one is there whole, whatever happens on the way. */
function replace(path: string, bytes: Uint8Array): void {
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w');
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}
