import { crc32 } from 'node:zlib';
import { type Saved, SavedArray } from '../../src/index.js';
import type { Checkpoint } from '../../streams/index.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/** A value in JSON that loses nothing: every array, list, record and peculiar number says what it is. */
type Spelled =
  | string
  | number
  | boolean
  | null
  | { array: string }
  | { list: Spelled[] }
  | { record: { [name: string]: Spelled } }
  | { number: 'NaN' | 'Infinity' | '-Infinity' | '-0' };

/**
 * A checkpoint as a safetensors file: its arrays under their paths (`parameters/w0`, `slots/0/velocity/w0`),
 * all else as JSON in the metadata, with a checksum over both.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const arrays = new Map<string, SavedArray>();
  const { parameters, slots, batches, ...rest } = checkpoint;
  const structure = JSON.stringify(spell({ ...rest, parameters, slots, batches } as Saved, '', arrays));
  return encodeSafetensors(arrays, { fluxion: 'checkpoint', structure, crc32: checksum(structure, arrays) });
}

/** @throws RangeError where the bytes are no checkpoint, or were changed since it was written */
export function decodeCheckpoint(file: Uint8Array): Checkpoint {
  const { arrays, metadata } = decodeSafetensors(file);
  if (metadata.fluxion !== 'checkpoint') {
    throw new RangeError('checkpoint(file): expected a checkpoint, got safetensors of another kind');
  }
  if (metadata.crc32 !== checksum(metadata.structure, arrays)) {
    throw new RangeError('checkpoint(file): the checksum does not agree: the file is damaged');
  }
  return read(JSON.parse(metadata.structure), arrays) as unknown as Checkpoint;
}

/** The arrays of a saved tree under their paths: the parameters of a trained model, for other programs. */
export function namedArrays(saved: Saved): Map<string, SavedArray> {
  const arrays = new Map<string, SavedArray>();
  spell(saved, '', arrays);
  return arrays;
}

function spell(value: Saved, path: string, arrays: Map<string, SavedArray>): Spelled {
  const join = (key: string | number) => (path === '' ? String(key) : `${path}/${key}`);
  if (value instanceof SavedArray) {
    arrays.set(path || 'value', value);
    return { array: path || 'value' };
  }
  if (typeof value === 'number') {
    const plain = Number.isFinite(value) && !Object.is(value, -0);
    return plain ? value : { number: (Object.is(value, -0) ? '-0' : String(value)) as 'NaN' };
  }
  if (Array.isArray(value)) return { list: value.map((child, i) => spell(child, join(i), arrays)) };
  if (value === null || typeof value !== 'object') return value as string | boolean | null;
  const record = value as { [name: string]: Saved };
  return {
    record: Object.fromEntries(
      Object.keys(record).map((key) => [key, spell(record[key], join(key), arrays)]),
    ),
  };
}

function read(spelled: Spelled, arrays: Map<string, SavedArray>): Saved {
  if (spelled === null || typeof spelled !== 'object') return spelled;
  if ('number' in spelled) return Number(spelled.number);
  if ('list' in spelled) return spelled.list.map((child) => read(child, arrays));
  if ('record' in spelled) {
    return Object.fromEntries(
      Object.entries(spelled.record).map(([key, child]) => [key, read(child, arrays)]),
    );
  }
  return arrays.get(spelled.array)!;
}

function checksum(structure: string, arrays: Map<string, SavedArray>): string {
  let sum = crc32(structure);
  for (const name of [...arrays.keys()].sort()) {
    const { data } = arrays.get(name)!;
    sum = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), sum);
  }
  return sum.toString(16);
}
