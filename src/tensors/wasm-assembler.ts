/** Instructions of WebAssembly, encoded. */
export type Code = readonly number[];

/** A little-endian base-128 number, signed: what the format uses for constants. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    const done = (value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** The same without sign: what it uses for counts, positions and opcodes. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

const simd = (opcode: number, ...operands: Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(opcode)];
/** A memory operand: aligned to 4 bytes at least, no offset. */
const plain = [2, 0];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const integer = (value: number): Code => [0x41, ...signed(value)];
export const plus = (x: Code, y: Code): Code => [...x, ...y, 0x6a];
export const times = (x: Code, y: Code): Code => [...x, ...y, 0x6c];
/** Repeats `body` until `end` is true (i32 ≠ 0), which is asked first. */
export const until = (end: Code, body: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40], // block, loop
  ...end,
  ...[0x0d, 1], // leave the block
  ...body,
  ...[0x0c, 0, 0x0b, 0x0b], // again, end, end
];
/** x > y as unsigned integers. */
export const above = (x: Code, y: Code): Code => [...x, ...y, 0x4b];

/** Four float32 at an address, the one there four times over, and their storing: all, or the first alone. */
export const load4 = (address: Code): Code => [...simd(0x00, address), ...plain];
export const load1 = (address: Code): Code => [...simd(0x09, address), ...plain];
/** The one at an address, and three zeros. */
export const loadFirst = (address: Code): Code => [...simd(0x5c, address), ...plain];
export const store4 = (address: Code, value: Code): Code => [...simd(0x0b, address, value), ...plain];
export const store1 = (address: Code, value: Code): Code => [...simd(0x5a, address, value), ...plain, 0];
/** The four bytes in the lowest lane as four float32. */
export const fromBytes = (x: Code): Code => simd(0xfb, simd(0xa9, simd(0x89, x)));
export const splat = (x: Code): Code => simd(0x13, x);
/** A float32 constant, four times over. */
export const constant = (value: number): Code => {
  const bytes = new Uint8Array(new Float32Array(4).fill(value).buffer);
  return [...simd(0x0c), ...bytes];
};
/** The lanes of x (0–3) and y (4–7) in this order. */
export const shuffle = (x: Code, y: Code, lanes: readonly number[]): Code => [
  ...simd(0x0d, x, y),
  ...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
];
/** Four comparisons: all bits of a lane set where true. */
export const notEqual = (x: Code, y: Code): Code => simd(0x42, x, y);
export const less = (x: Code, y: Code): Code => simd(0x43, x, y);
export const greater = (x: Code, y: Code): Code => simd(0x44, x, y);
export const and = (x: Code, y: Code): Code => simd(0x4e, x, y);
export const or = (x: Code, y: Code): Code => simd(0x50, x, y);
/** x where the mask's bits are set, else y. */
export const select = (mask: Code, x: Code, y: Code): Code => simd(0x52, x, y, mask);
export const abs = (x: Code): Code => simd(0xe0, x);
export const sqrt = (x: Code): Code => simd(0xe3, x);
export const add = (x: Code, y: Code): Code => simd(0xe4, x, y);
export const mul = (x: Code, y: Code): Code => simd(0xe6, x, y);
export const div = (x: Code, y: Code): Code => simd(0xe7, x, y);
/** NaN where either is. */
export const min = (x: Code, y: Code): Code => simd(0xe8, x, y);
export const max = (x: Code, y: Code): Code => simd(0xe9, x, y);

export type Type = 'i32' | 'f32' | 'v128';
const types: { readonly [type in Type]: number } = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** A function without result: its parameters are the first locals. */
export interface Routine {
  readonly parameters: readonly Type[];
  readonly locals: readonly Type[];
  readonly body: Code;
}

/**
 * A WebAssembly module of these routines, exported by name, over the memory imported as `env.memory`.
 *
 * Source: WebAssembly core specification 2.0, chapter 5, binary format.
 */
export function assemble(routines: { readonly [name: string]: Routine }): Uint8Array<ArrayBuffer> {
  const list = Object.values(routines);
  const text = (word: string) => sized([...new TextEncoder().encode(word)]);
  const functions = list.map(({ locals, body }) =>
    sized([...vector(locals.map((type) => [1, types[type]])), ...body, 0x0b]),
  );
  const section = (id: number, items: Code[]) => [id, ...sized(vector(items))];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      list.map(({ parameters }) => [0x60, ...vector(parameters.map((type) => [types[type]])), 0]),
    ),
    ...section(2, [[...text('env'), ...text('memory'), 2, 0, 0]]),
    ...section(
      3,
      list.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      Object.keys(routines).map((name, i) => [...text(name), 0, ...unsigned(i)]),
    ),
    ...section(10, functions),
  ]);
}

function sized(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes];
}

function vector(items: readonly Code[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}
