import { basename, dirname } from 'node:path';

/** A file in an archive: where it lies there, its bytes, and when it was changed, in seconds since 1970. */
export interface TarEntry {
  readonly path: string;
  readonly size: number;
  readonly changed: number;
}

const block = 512;

/** Two empty blocks end an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * block);

/**
 * A file as an archive holds it (POSIX.1-2001, ustar): a header, the first `size` bytes of its pieces, and zeros up to a
 * whole block.
 *
 * @throws RangeError where its pieces are shorter
 */
export function* tarFile(entry: TarEntry, pieces: Iterable<Uint8Array>): Generator<Uint8Array, void> {
  yield header(entry);
  let left = entry.size;
  for (const piece of pieces) {
    if (left === 0) break;
    const part = piece.subarray(0, left);
    left -= part.length;
    yield part;
  }
  if (left > 0) throw new RangeError(`${entry.path}: ${left} of ${entry.size} bytes are missing`);
  const over = entry.size % block;
  if (over > 0) yield new Uint8Array(block - over);
}

function header({ path, size, changed }: TarEntry): Uint8Array {
  const bytes = Buffer.alloc(block);
  const folder = dirname(path);
  const octal = (value: number, digits: number) => `${Math.floor(value).toString(8).padStart(digits, '0')}\0`;
  bytes.write(basename(path), 0, 100);
  bytes.write(octal(0o644, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(size, 11), 124);
  bytes.write(octal(changed, 11), 136);
  bytes.write(' '.repeat(8), 148); // the checksum counts its own place as spaces
  bytes.write('0', 156);
  bytes.write('ustar\x0000', 257);
  if (folder !== '.') bytes.write(folder, 345, 155);
  const sum = bytes.reduce((all, byte) => all + byte, 0);
  bytes.write(`${octal(sum, 6)} `, 148);
  return bytes;
}
