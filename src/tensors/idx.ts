/** An array of unsigned bytes as an IDX file holds it. */
export interface Idx {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Reads an IDX file of unsigned bytes: 0, 0, type 8, rank; the sizes as big-endian int32; the bytes.
 *
 * Source: LeCun, Cortes and Burges, the MNIST database, "file formats".
 *
 * @param file its name, for error messages
 * @throws Error where the bytes are no such file, or not of the length their header tells
 */
export function readIdx(bytes: Uint8Array, file: string): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || bytes[2] !== 8) {
    const magic = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new Error(
      `${file}: expected an IDX file of bytes (00 00 08 rank), got ${magic || 'an empty file'}`,
    );
  }
  const header = 4 + 4 * bytes[3];
  if (bytes.length < header) {
    throw new Error(`${file}: expected a header of ${header} bytes, got ${bytes.length}`);
  }
  const shape = Array.from({ length: bytes[3] }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = header + shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== expected) {
    throw new Error(`${file}: expected ${expected} bytes for shape [${shape}], got ${bytes.length}`);
  }
  return { shape, data: bytes.subarray(header) };
}
