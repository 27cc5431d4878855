import type { Saved, SavedArray } from '../../../src/index.js';
import type { Checkpoint } from '../../../streams/checkpoint.js';
import { type Disk, nodeDisk } from '../disk/disk.js';
import { readWhole, writeWhole } from '../disk/whole-files.js';
import { decodeCheckpoint, encodeCheckpoint, namedArrays } from './checkpoint-bytes.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/**
 * Writes a checkpoint, exactly: NaN, ±∞ and −0 come back as they are. The old file or the new one is there
 * whole, whatever happens on the way. The arrays in it can be read by whatever reads safetensors.
 *
 * @throws DiskError where the disk fails or is full
 */
export function writeCheckpoint(file: string, checkpoint: Checkpoint, disk: Disk = nodeDisk): void {
  writeWhole(file, encodeCheckpoint(checkpoint), disk);
}

/**
 * @throws RangeError where the file is no checkpoint, of another version, cut short or damaged; DiskError where it
 * cannot be read
 */
export function readCheckpoint(file: string, disk: Disk = nodeDisk): Checkpoint {
  return read(file, decodeCheckpoint, disk);
}

/** Writes the arrays of a saved tree as plain safetensors, their paths as names: `w0`, `layers/1/b`. */
export function writeParameters(file: string, parameters: Saved, disk: Disk = nodeDisk): void {
  writeWhole(file, encodeSafetensors({ arrays: namedArrays(parameters), metadata: {} }), disk);
}

/**
 * The float32 and float64 arrays of any safetensors file, by name.
 *
 * @throws RangeError where the file breaks the format or holds other types; DiskError where it cannot be read
 */
export function readParameters(file: string): ReadonlyMap<string, SavedArray> {
  return read(file, decodeSafetensors, nodeDisk).arrays;
}

function read<R>(file: string, decode: (bytes: Uint8Array) => R, disk: Disk): R {
  const bytes = readWhole(file, disk);
  try {
    return decode(bytes);
  } catch (error) {
    throw new RangeError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
