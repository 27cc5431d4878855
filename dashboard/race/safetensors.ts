import { SavedArray } from '../../src/index.js';

interface Entry {
  readonly dtype: 'F32' | 'F64';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Named arrays as one safetensors file: the header's length in 8 bytes, the header in JSON, then the numbers,
 * little-endian.
 *
 * Format: Hugging Face, safetensors 0.x, https://github.com/huggingface/safetensors#format.
 *
 * @param metadata strings that readers pass over
 */
export function encodeSafetensors(
  arrays: ReadonlyMap<string, SavedArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, Entry | typeof metadata> = { __metadata__: metadata };
  let offset = 0;
  // Wide numbers first, so that every array starts at a multiple of its own width.
  const ordered = [...arrays].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  for (const [name, { data, shape }] of ordered) {
    const end = offset + data.byteLength;
    header[name] = {
      dtype: data.BYTES_PER_ELEMENT === 8 ? 'F64' : 'F32',
      shape,
      data_offsets: [offset, end],
    };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8; // padded with spaces, so that the numbers are aligned
  const file = Buffer.alloc(8 + length + offset, ' ');
  file.writeBigUInt64LE(BigInt(length), 0);
  json.copy(file, 8);
  let at = 8 + length;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/** @throws RangeError where the bytes are no safetensors file, or not a whole one */
export function decodeSafetensors(file: Uint8Array): {
  arrays: Map<string, SavedArray>;
  metadata: Record<string, string>;
} {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const length = bytes.length < 8 ? Number.POSITIVE_INFINITY : Number(bytes.readBigUInt64LE(0));
  if (length > bytes.length - 8) throw broken(`a header that ends within ${bytes.length} bytes`);
  let header: Record<string, Entry> & { __metadata__?: Record<string, string> };
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  } catch {
    throw broken('a header in JSON');
  }
  const { __metadata__: metadata = {}, ...entries } = header;
  const arrays = new Map<string, SavedArray>();
  for (const [name, entry] of Object.entries(entries)) arrays.set(name, read(bytes, 8 + length, name, entry));
  return { arrays, metadata };
}

function read(bytes: Buffer, base: number, name: string, { dtype, shape, data_offsets }: Entry): SavedArray {
  const [start, end] = data_offsets.map((offset) => base + offset);
  const width = { F32: 4, F64: 8 }[dtype];
  if (width === undefined) throw broken(`'${name}' to be F32 or F64`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (end > bytes.length || end - start !== width * count) throw broken(`${count} numbers for '${name}'`);
  const own = Uint8Array.prototype.slice.call(bytes, start, end).buffer;
  return new SavedArray(shape, dtype === 'F64' ? new Float64Array(own) : new Float32Array(own));
}

function broken(expected: string): RangeError {
  return new RangeError(`safetensors(file): expected ${expected}; the file is cut short or of another kind`);
}
