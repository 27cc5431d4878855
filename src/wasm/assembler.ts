/**
 * The few WebAssembly instructions the kernels are written in. Every expression is the list of its bytes, nested, so
 * that code reads as nested calls: `i32.add(get(x), i32.const(8))`.
 *
 * Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).
 */
export type Code = readonly (number | Code)[];

export const type = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = (typeof type)[keyof typeof type];

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
/** Adds to an i32. */
export const step = (local: number, by: Code): Code => set(local, i32.add(get(local), by));
/** Runs the body, then again as long as the condition, an i32, is not 0. */
export const repeatWhile = (condition: Code, ...body: Code[]): Code => [
  ...[0x03, 0x40],
  ...body,
  condition,
  ...[0x0d, 0x00, 0x0b],
];
export const when = (condition: Code, ...body: Code[]): Code => [condition, ...[0x04, 0x40], ...body, 0x0b];
export const either = (condition: Code, ifTrue: readonly Code[], ifFalse: readonly Code[]): Code => [
  condition,
  ...[0x04, 0x40],
  ...ifTrue,
  0x05,
  ...ifFalse,
  0x0b,
];
/** Runs the body as long as the condition, asked first, is not 0. */
export const loopWhile = (condition: Code, ...body: Code[]): Code => [
  ...[0x03, 0x40],
  when(condition, ...body, [0x0c, 0x01]),
  0x0b,
];
export const returned = (value: Code): Code => [value, 0x0f];
/** Calls the function with this index. */
export const call = (index: number, ...operands: Code[]): Code => [operands, 0x10, unsigned(index)];
/** Calls the function that the module's table holds at this place, of this type. */
export const callAt = (place: Code, kind: number, ...operands: Code[]): Code => [
  operands,
  place,
  0x11,
  unsigned(kind),
  0x00,
];

function aligned(opcode: number): (...operands: Code[]) => Code {
  return (...operands) => [operands, 0xfe, opcode, 2, 0];
}

const binary =
  (...opcode: number[]) =>
  (left: Code, right: Code): Code => [left, right, opcode];
const unary =
  (...opcode: number[]) =>
  (value: Code): Code => [value, opcode];
const load =
  (...opcode: number[]) =>
  (address: Code, offset = 0): Code => [address, opcode, 0, unsigned(offset)];
const store =
  (...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, opcode, 0, unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  /** Without sign, as the remainder. */
  div: binary(0x6e),
  rem: binary(0x70),
  and: binary(0x71),
  shl: binary(0x74),
  load: load(0x28),
  store: store(0x36),
  eq: binary(0x46),
  lessThan: binary(0x48),
  /** left ≤ right, both without sign. */
  unsignedAtMost: binary(0x4d),
  select: (ifTrue: Code, ifFalse: Code, condition: Code): Code => [ifTrue, ifFalse, condition, 0x1b],
};

/** What threads that share a memory may do to one i32 of it, whose address is a multiple of 4. */
export const atomic = {
  load: aligned(0x10),
  store: aligned(0x17),
  /** Adds, and answers what stood there before. */
  add: aligned(0x1e),
  /** Puts the last operand where the second stands, and answers what stood there before. */
  exchange: aligned(0x48),
  /** Sleeps while the second operand stands there; forever at most, with −1 as the third, an i64. */
  wait: aligned(0x01),
  /** Wakes so many of those who sleep over this place. */
  notify: aligned(0x00),
};

export const i64 = { const: (value: number): Code => [0x42, signed(value)] };

export const f32 = {
  const: (value: number): Code => [0x43, bytesOfFloat32(value)],
  load: load(0x2a),
  store: store(0x38),
  add: binary(0x92),
  mul: binary(0x94),
  /** The nearest to a float64. */
  fromDouble: unary(0xb6),
};

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  load: load(0x2b),
  store: store(0x39),
  add: binary(0xa0),
  sub: binary(0xa1),
  mul: binary(0xa2),
  div: binary(0xa3),
  sqrt: unary(0x9f),
  greaterThan: binary(0x64),
};

/** A register of 16 bytes, whatever stands in it. */
export const v128 = {
  const: (byte: number): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)],
  load: load(0xfd, 0x00),
  /** Eight bytes from memory, or four, then zeros. */
  loadHalf: load(0xfd, 0x5d),
  loadQuarter: load(0xfd, 0x5c),
  store: store(0xfd, 0x0b),
  and: binary(0xfd, 0x4e),
  /** Where the second operand is 0. */
  andNot: binary(0xfd, 0x4f),
  or: binary(0xfd, 0x50),
  xor: binary(0xfd, 0x51),
};

/** Four i32 in one register. */
export const i32x4 = {
  const: (...lanes: readonly [number, number, number, number]): Code => [
    ...[0xfd, 0x0c],
    ...new Uint8Array(Int32Array.from(lanes).buffer),
  ],
  splat: unary(0xfd, 0x11),
  add: binary(0xfd, 0xae, 0x01),
  mul: binary(0xfd, 0xb5, 0x01),
  /** By so many bits, an i32. */
  shiftLeft: binary(0xfd, 0xab, 0x01),
  /** The same, zeros from the left. */
  shiftRight: binary(0xfd, 0xad, 0x01),
  /** The same, the sign from the left. */
  shiftRightSigned: binary(0xfd, 0xac, 0x01),
  /** All bits of a lane where left < right, with sign. */
  lessThan: binary(0xfd, 0x39),
  /** The whole numbers in four float32, NaN as 0. */
  fromFloats: unary(0xfd, 0xf8, 0x01),
};

/** Two float64 in one register. */
export const f64x2 = {
  load: v128.load,
  /** The two float32 in the lower half. */
  promoteLow: unary(0xfd, 0x5f),
  /** One number from memory in both lanes. */
  loadSplat: load(0xfd, 0x0a),
  store: v128.store,
  splat: unary(0xfd, 0x14),
  add: binary(0xfd, 0xf0, 0x01),
  sub: binary(0xfd, 0xf1, 0x01),
  mul: binary(0xfd, 0xf2, 0x01),
  lane: (value: Code, index: 0 | 1): Code => [value, 0xfd, 0x21, index],
};

/** Four float32 in one register. */
export const f32x4 = {
  const(value: number): Code {
    const lane = bytesOfFloat32(value);
    return [0xfd, 0x0c, lane, lane, lane, lane];
  },
  load: v128.load,
  /** One number from memory in all lanes. */
  loadSplat: load(0xfd, 0x09),
  /** One number from memory, then three zeros. */
  loadFirst: load(0xfd, 0x5c),
  store: v128.store,
  storeFirst: (address: Code, value: Code): Code => [store(0xfd, 0x5a)(address, value), 0],
  splat: unary(0xfd, 0x13),
  /** The four bytes in the lowest lane, as numbers without sign. */
  fromBytes: unary(...[0xfd, 0x89, 0x01], ...[0xfd, 0xa9, 0x01], ...[0xfd, 0xfb, 0x01]),
  /** The lanes of x, 0–3, and of y, 4–7, in this order. */
  shuffle: (x: Code, y: Code, lanes: readonly number[]): Code => [
    ...[x, y, 0xfd, 0x0d],
    lanes.map((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  ],
  /** Comparisons set all bits of a lane where true. */
  equal: binary(0xfd, 0x41),
  notEqual: binary(0xfd, 0x42),
  lessThan: binary(0xfd, 0x43),
  greaterThan: binary(0xfd, 0x44),
  atMost: binary(0xfd, 0x45),
  /** To the nearest whole number, ties to even. */
  nearest: unary(0xfd, 0x6a),
  sqrt: unary(0xfd, 0xe3, 0x01),
  add: binary(0xfd, 0xe4, 0x01),
  sub: binary(0xfd, 0xe5, 0x01),
  mul: binary(0xfd, 0xe6, 0x01),
  div: binary(0xfd, 0xe7, 0x01),
  /** NaN where either is. */
  min: binary(0xfd, 0xe8, 0x01),
  max: binary(0xfd, 0xe9, 0x01),
  /** x·y + z, rounded once where the processor can: relaxed SIMD, which not every engine has. */
  relaxedMultiplyAdd: (x: Code, y: Code, z: Code): Code => [x, y, z, 0xfd, 0x85, 0x02],
};

const word = new DataView(new ArrayBuffer(4));

function bytesOfFloat32(value: number): Code {
  word.setFloat32(0, value, true);
  return [word.getUint8(0), word.getUint8(1), word.getUint8(2), word.getUint8(3)];
}

/** A count, position or opcode, in base 128, the lowest digit first. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const ends = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return ends ? [low] : [low | 0x80, signed(rest)];
}
