import { createHash } from 'node:crypto';
import { type Saved, type SavedArray, savedArray } from '../../../src/index.js';
import type { Checkpoint } from '../../../streams/checkpoint.js';
import { parseExact, stringifyExact } from '../exact-json.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/** A saved tree in JSON: an array by its name, a record told apart from that, all else as it is. */
type Spelled =
  | string
  | number
  | boolean
  | null
  | readonly Spelled[]
  | { readonly array: string }
  | { readonly record: { readonly [name: string]: Spelled } };

const kind = 'checkpoint';
const version = '1';

/**
 * A checkpoint as a safetensors file: its arrays under their paths (`parameters/w0`, `slots/0/velocity/w0`),
 * all else in the metadata, with a digest (SHA-256) of everything.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const arrays = new Map<string, SavedArray>();
  const structure = stringifyExact(spelled({ ...checkpoint } as unknown as Saved, '', arrays));
  const metadata = { fluxion: kind, version, structure, sha256: digest(structure, arrays) };
  return encodeSafetensors({ arrays, metadata });
}

/** @throws RangeError where the bytes are no checkpoint, of another version, or not as they were written */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { arrays, metadata } = decodeSafetensors(bytes);
  if (metadata.fluxion !== kind)
    throw new RangeError('checkpoint: expected a checkpoint, got other safetensors');
  if (metadata.version !== version) {
    throw new RangeError(
      `checkpoint: written in version ${metadata.version}, but this version reads ${version}`,
    );
  }
  const { structure = '' } = metadata;
  if (metadata.sha256 !== digest(structure, arrays)) {
    throw new RangeError('checkpoint: the digest does not fit: the file is damaged');
  }
  try {
    return checked(restored(parseExact(structure) as Spelled, arrays));
  } catch (cause) {
    throw new RangeError('checkpoint: expected the structure of one: another program wrote the file', {
      cause,
    });
  }
}

/** @throws TypeError where a saved tree is no checkpoint; what is in it is looked at when it is restored */
function checked(saved: Saved): Checkpoint {
  const { version, problem, algebra, step, evaluations, pipeline, parameters, slots, random, batches } =
    saved as unknown as Record<string, unknown>;
  const whole = version === 1 && [step, evaluations].every((count) => Number.isSafeInteger(count));
  const named = [problem, algebra].every((name) => typeof name === 'string');
  const listed = [pipeline, slots, random].every(Array.isArray);
  const operators =
    listed && (pipeline as unknown[]).every((one) => typeof (one as Named)?.name === 'string');
  if (!whole || !named || !operators || parameters === undefined || batches === undefined) {
    throw new TypeError('not a checkpoint');
  }
  return saved as unknown as Checkpoint;
}

interface Named {
  readonly name?: unknown;
}

/**
 * The arrays of a saved tree under their paths, as `entries` names them; a single array is called `value`.
 * In a key, `~` is written `~0` and `/` `~1` (RFC 6901), so that no two paths are the same.
 */
export function namedArrays(saved: Saved): Map<string, SavedArray> {
  const arrays = new Map<string, SavedArray>();
  spelled(saved, '', arrays);
  return arrays;
}

function spelled(value: Saved, path: string, arrays: Map<string, SavedArray>): Spelled {
  const join = (key: string) => (path === '' ? key : `${path}/${key}`);
  const array = savedArray(value);
  if (array !== undefined) {
    const name = path || 'value';
    arrays.set(name, array);
    return { array: name };
  }
  if (Array.isArray(value)) return value.map((child, i) => spelled(child, join(String(i)), arrays));
  if (value === null || typeof value !== 'object') return value as string | number | boolean | null;
  const parts = Object.entries(value).map(([key, child]) => [
    key,
    spelled(child, join(key.replaceAll('~', '~0').replaceAll('/', '~1')), arrays),
  ]);
  return { record: Object.fromEntries(parts) };
}

function restored(value: Spelled, arrays: ReadonlyMap<string, SavedArray>): Saved {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((child) => restored(child, arrays));
  if ('array' in value) {
    const array = arrays.get(value.array);
    if (array === undefined) throw new TypeError('an array is missing');
    return array;
  }
  const { record } = value as { record: { [name: string]: Spelled } };
  return Object.fromEntries(Object.entries(record).map(([key, child]) => [key, restored(child, arrays)]));
}

function digest(structure: string, arrays: ReadonlyMap<string, SavedArray>): string {
  const hash = createHash('sha256').update(structure);
  for (const [name, { shape, data }] of [...arrays].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, shape, data.BYTES_PER_ELEMENT]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
