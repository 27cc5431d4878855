/* Messages in the wire format of protocol buffers: fields one after the other. */

export const message = (fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);

/** Of the wire types of protocol buffers: a varint, eight bytes, bytes after their length, four bytes. */
const wire = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;

function varintBytes(value: number): number[] {
  const groups: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) groups.push((rest % 0x80) | 0x80);
  return [...groups, rest];
}

const key = (field: number, type: number) => (field << 3) | type;

export function varint(field: number, value: number): Uint8Array {
  return Uint8Array.of(key(field, wire.varint), ...varintBytes(value));
}

export function bytes(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(key(field, wire.bytes), ...varintBytes(value.length)), value]);
}

export const text = (field: number, value: string) => bytes(field, Buffer.from(value));

export function double(field: number, value: number): Uint8Array {
  const written = Buffer.alloc(9);
  written.writeUInt8(key(field, wire.eight));
  written.writeDoubleLE(value, 1);
  return written;
}

export function float(field: number, value: number): Uint8Array {
  const written = Buffer.alloc(5);
  written.writeUInt8(key(field, wire.four));
  written.writeFloatLE(value, 1);
  return written;
}

/** Packed, as version 3 of the language does by default. */
export function doubles(field: number, values: readonly number[]): Uint8Array {
  return bytes(field, new Uint8Array(Float64Array.from(values).buffer)); // little-endian where Node runs
}
