import { readFileSync } from 'node:fs';
import type { Saved, SavedArray } from '../../../src/index.js';
import type { Checkpoint } from '../../../streams/checkpoint.js';
import { decodeCheckpoint, encodeCheckpoint, namedArrays } from './checkpoint-bytes.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import { writeWhole } from './write-whole.js';

/**
 * Writes a checkpoint, exactly: NaN, ±∞ and −0 come back as they are. The old file or the new one is there
 * whole, whatever happens on the way. The arrays in it can be read by whatever reads safetensors.
 *
 * @throws Error where the disk fails
 */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): void {
  writeWhole(file, encodeCheckpoint(checkpoint));
}

/** @throws RangeError where the file is no checkpoint, of another version, cut short or damaged */
export function readCheckpoint(file: string): Checkpoint {
  return read(file, decodeCheckpoint);
}

/** Writes the arrays of a saved tree as plain safetensors, their paths as names: `w0`, `layers/1/b`. */
export function writeParameters(file: string, parameters: Saved): void {
  writeWhole(file, encodeSafetensors({ arrays: namedArrays(parameters), metadata: {} }));
}

/**
 * The float32 and float64 arrays of any safetensors file, by name.
 *
 * @throws RangeError where the file breaks the format or holds other types
 */
export function readParameters(file: string): ReadonlyMap<string, SavedArray> {
  return read(file, decodeSafetensors).arrays;
}

function read<R>(file: string, decode: (bytes: Uint8Array) => R): R {
  const bytes = readFileSync(file);
  try {
    return decode(bytes);
  } catch (error) {
    throw new RangeError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
