import { SavedArray } from '../../../src/index.js';
import { parseHeader, shown } from './header-json.js';

/** Arrays with names, and texts about them that other programs pass over. */
export interface Safetensors {
  readonly arrays: ReadonlyMap<string, SavedArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** From and to in the bytes behind the header. */
  readonly data_offsets: readonly [number, number];
}

const metadataKey = '__metadata__';
/** The most that readers of the format accept. */
const longestHeader = 100_000_000;
const widths: Readonly<Record<string, number>> = { F32: 4, F64: 8 };

/**
 * Named arrays as one safetensors file: the header's length (uint64), the header in JSON, then the numbers,
 * little-endian, every array at a multiple of 8 bytes of the file or, if float32, of 4.
 *
 * Source: the format's description, https://github.com/huggingface/safetensors#format.
 *
 * @throws RangeError on a name the format keeps for itself
 */
export function encodeSafetensors({ arrays, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  if (arrays.has(metadataKey)) {
    throw new RangeError(`safetensors(arrays): '${metadataKey}' cannot be the name of an array`);
  }
  const ordered = [...arrays].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const entries: [string, Entry][] = [];
  let offset = 0;
  for (const [name, { data, shape }] of ordered) {
    const end = offset + data.byteLength;
    entries.push([name, { dtype: `F${8 * data.BYTES_PER_ELEMENT}`, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const header = Buffer.from(JSON.stringify(Object.fromEntries([[metadataKey, metadata], ...entries])));
  const length = 8 * Math.ceil(header.length / 8);
  const bytes = new Uint8Array(8 + length + offset).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(header, 8);
  ordered.forEach(([, { data }], i) => {
    const numbers = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    bytes.set(numbers, 8 + length + entries[i][1].data_offsets[0]);
  });
  return bytes;
}

/**
 * The inverse of {@link encodeSafetensors}, for float32 and float64.
 *
 * @throws RangeError where the bytes break a rule of the format, naming it
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, data } = parts(bytes);
  const { [metadataKey]: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((text) => typeof text !== 'string')) {
    throw broken(`${metadataKey} to hold texts`);
  }
  const checked = Object.entries(entries).map(([name, entry]) => ({ name, ...checkedEntry(name, entry) }));
  const arrays = new Map<string, SavedArray>();
  let at = 0;
  for (const { name, dtype, shape, data_offsets } of checked.sort(byPlace)) {
    const [from, to] = data_offsets;
    if (from !== at) throw broken(`${shown(name)} to begin at ${at} without gap or overlap, got ${from}`);
    if (to > data.length) throw broken(`${to} bytes of numbers, got ${data.length}: the file is cut short`);
    const numbers = data.slice(from, to).buffer;
    arrays.set(
      name,
      new SavedArray(shape, dtype === 'F64' ? new Float64Array(numbers) : new Float32Array(numbers)),
    );
    at = to;
  }
  if (at !== data.length) throw broken(`${at} bytes of numbers, got ${data.length}`);
  return { arrays, metadata: metadata as Record<string, string> };
}

function parts(bytes: Uint8Array): { header: Readonly<Record<string, unknown>>; data: Uint8Array } {
  if (bytes.length < 8) throw broken(`8 bytes at least, got ${bytes.length}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > longestHeader || length > bytes.length - 8) {
    throw broken(`a header that ends within the ${bytes.length} bytes, got one of ${length}`);
  }
  return {
    header: headerOf(bytes.subarray(8, 8 + length)),
    data: new Uint8Array(bytes.subarray(8 + length)),
  };
}

function headerOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); // a mark is not passed over
  } catch {
    throw broken('a header in UTF-8');
  }
  try {
    return parseHeader(text);
  } catch (error) {
    throw broken((error as Error).message);
  }
}

function checkedEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets } = isRecord(entry) ? entry : {};
  const what = shown(name);
  const width = typeof dtype === 'string' && Object.hasOwn(widths, dtype) ? widths[dtype] : undefined;
  if (width === undefined) {
    throw broken(`${what} to be of F32 or F64, got ${typeof dtype === 'string' ? shown(dtype) : 'none'}`);
  }
  if (!isCounts(shape)) throw broken(`${what} to have a shape of whole numbers`);
  if (!isCounts(data_offsets) || data_offsets.length !== 2) throw broken(`${what} to have two offsets`);
  const [from, to] = data_offsets;
  const size = width * shape.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(size)) throw broken(`${what} to have a shape that can be counted`);
  if (to - from !== size) throw broken(`${size} bytes for ${what}, got ${to - from}`);
  return { dtype: dtype as string, shape, data_offsets: [from, to] };
}

function byPlace({ data_offsets: [a, aEnd] }: Entry, { data_offsets: [b, bEnd] }: Entry): number {
  return a - b || aEnd - bEnd;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function broken(expected: string): RangeError {
  return new RangeError(`safetensors: expected ${expected}`);
}
