import type { Code, Routine } from './wasm-assembler.js';
import * as wasm from './wasm-assembler.js';

/** Parameters: the addresses of x, y and the result, the length in bytes, two numbers. */
const [x, y, result, bytes] = [0, 1, 2, 3].map(wasm.get);
const [i, a, b, t, u] = [6, 7, 8, 9, 10];
const [A, B, T, U] = [a, b, t, u].map(wasm.get);

/** A loop over float32 entries, four at a time, then one by one; `formula` says what to make of xᵢ and yᵢ. */
function elementwise(formula: (x: Code, y: Code) => Code): Routine {
  const at = (base: Code) => wasm.plus(base, wasm.get(i));
  const pass = (width: number, load: (at: Code) => Code, store: (at: Code, value: Code) => Code) =>
    wasm.until(wasm.above(wasm.plus(wasm.get(i), wasm.integer(width)), bytes), [
      ...store(at(result), formula(load(at(x)), load(at(y)))),
      ...wasm.set(i, wasm.plus(wasm.get(i), wasm.integer(width))),
    ]);
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
    locals: ['i32', 'v128', 'v128', 'v128', 'v128'],
    body: [
      ...wasm.set(a, wasm.splat(wasm.get(4))),
      ...wasm.set(b, wasm.splat(wasm.get(5))),
      ...pass(16, wasm.load4, wasm.store4),
      ...pass(4, wasm.load1, wasm.store1),
    ],
  };
}

/** The polynomial Σ cₖ tᵏ by Horner's rule, the highest coefficient first. */
function polynomial(coefficients: readonly number[], at: Code): Code {
  const [highest, ...rest] = coefficients.map(wasm.constant);
  return rest.reduce((sum, coefficient) => wasm.add(wasm.mul(sum, at), coefficient), highest);
}

/**
 * tanh x ≈ x·P(x²)/Q(x²), x held to ±7.905, beyond which float32 rounds to 1 within 3·2⁻²³. NaN stays NaN.
 * Source of the coefficients: the rational minimax approximation of Eigen 3.4 (`generic_fast_tanh_float`).
 */
const tanh = (x: Code): Code => {
  const bound = 7.905311107635498;
  const held = wasm.max(wasm.constant(-bound), wasm.min(wasm.constant(bound), x));
  const numerator = polynomial(
    [
      -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
      1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
    ],
    U,
  );
  const denominator = polynomial(
    [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
    U,
  );
  return [
    ...wasm.set(t, held),
    ...wasm.set(u, wasm.mul(T, T)),
    ...wasm.div(wasm.mul(T, numerator), denominator),
  ];
};

/** −1, 0 or 1; NaN stays NaN, by its bits. */
const sign = (x: Code): Code => {
  const zero = wasm.constant(0);
  return [
    ...wasm.set(t, x),
    ...wasm.or(
      wasm.or(
        wasm.and(wasm.greater(T, zero), wasm.constant(1)),
        wasm.and(wasm.less(T, zero), wasm.constant(-1)),
      ),
      wasm.and(wasm.notEqual(T, T), T),
    ),
  ];
};

/** Bytes divided by a number: four at a time, what is left after fours not touched. */
const bytesOver: Routine = (() => {
  const [from, to, count] = [0, 1, 2].map(wasm.get);
  const position = 4;
  return {
    parameters: ['i32', 'i32', 'i32', 'f32'],
    locals: ['i32'],
    body: wasm.until(wasm.above(wasm.plus(wasm.get(position), wasm.integer(4)), count), [
      ...wasm.store4(
        wasm.plus(to, wasm.times(wasm.get(position), wasm.integer(4))),
        wasm.div(
          wasm.fromBytes(wasm.loadFirst(wasm.plus(from, wasm.get(position)))),
          wasm.splat(wasm.get(3)),
        ),
      ),
      ...wasm.set(position, wasm.plus(wasm.get(position), wasm.integer(4))),
    ]),
  };
})();

/** Σ xᵢyᵢ in four partial sums, which the result takes one by one; sixteen of them while it runs. */
const dot: Routine = (() => {
  const sums = [4, 5, 6, 7];
  const position = 8;
  const at = (base: Code, offset: number) =>
    wasm.plus(wasm.plus(base, wasm.get(position)), wasm.integer(offset));
  const pass = (width: number, load: (at: Code) => Code) =>
    wasm.until(wasm.above(wasm.plus(wasm.get(position), wasm.integer(width)), bytes), [
      ...sums
        .slice(0, Math.max(1, width / 16))
        .flatMap((sum, k) =>
          wasm.set(sum, wasm.add(wasm.get(sum), wasm.mul(load(at(x, 16 * k)), load(at(y, 16 * k))))),
        ),
      ...wasm.set(position, wasm.plus(wasm.get(position), wasm.integer(width))),
    ]);
  return {
    parameters: ['i32', 'i32', 'i32', 'i32'],
    locals: ['v128', 'v128', 'v128', 'v128', 'i32'],
    body: [
      ...pass(64, wasm.load4),
      ...pass(16, wasm.load4),
      ...pass(4, wasm.loadFirst),
      ...wasm.store4(
        result,
        sums.map(wasm.get).reduce((total, sum) => wasm.add(total, sum)),
      ),
    ],
  };
})();

/**
 * Four rows of x, of `columns` entries each, become four columns of the result, whose rows are `stride` bytes
 * apart; what is left of `columns` after fours is not touched. Parameters: x, result, columns·4, stride.
 */
const transpose4: Routine = (() => {
  const [from, to, width, stride] = [0, 1, 2, 3].map(wasm.get);
  const [column, target] = [4, 5];
  const rows = [6, 7, 8, 9];
  const half = (k: number) => 10 + k;
  const [r0, r1, r2, r3] = rows.map(wasm.get);
  const [h0, h1, h2, h3] = [0, 1, 2, 3].map((k) => wasm.get(half(k)));
  const low = [0, 4, 1, 5];
  const high = [2, 6, 3, 7];
  const address = (row: number) =>
    wasm.plus(wasm.plus(from, wasm.get(column)), wasm.times(width, wasm.integer(row)));
  const put = (row: number, value: Code) =>
    wasm.store4(wasm.plus(wasm.get(target), wasm.times(stride, wasm.integer(row))), value);
  return {
    parameters: ['i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', ...Array<'v128'>(8).fill('v128')],
    body: [
      ...wasm.set(target, to),
      ...wasm.until(wasm.above(wasm.plus(wasm.get(column), wasm.integer(16)), width), [
        ...rows.flatMap((local, row) => wasm.set(local, wasm.load4(address(row)))),
        // 00 20 01 21, 02 22 03 23 and 10 30 11 31, 12 32 13 33: then the same between the pairs
        ...wasm.set(half(0), wasm.shuffle(r0, r2, low)),
        ...wasm.set(half(1), wasm.shuffle(r0, r2, high)),
        ...wasm.set(half(2), wasm.shuffle(r1, r3, low)),
        ...wasm.set(half(3), wasm.shuffle(r1, r3, high)),
        ...put(0, wasm.shuffle(h0, h2, low)),
        ...put(1, wasm.shuffle(h0, h2, high)),
        ...put(2, wasm.shuffle(h1, h3, low)),
        ...put(3, wasm.shuffle(h1, h3, high)),
        ...wasm.set(column, wasm.plus(wasm.get(column), wasm.integer(16))),
        ...wasm.set(target, wasm.plus(wasm.get(target), wasm.times(stride, wasm.integer(4)))),
      ]),
    ],
  };
})();

/** dy where x > 0, NaN where x is, else 0. */
const reluGradient = (x: Code, dy: Code): Code => [
  ...wasm.set(t, x),
  ...wasm.or(wasm.and(wasm.greater(T, wasm.constant(0)), dy), wasm.and(wasm.notEqual(T, T), T)),
];

/** What the WebAssembly backend lacks or does slowly, on four float32 at a time. a and b are the two numbers. */
export const routines = {
  /** a·x + b·y */
  combine: elementwise((x, y) => wasm.add(wasm.mul(A, x), wasm.mul(B, y))),
  /** x + a */
  addNumber: elementwise((x) => wasm.add(x, A)),
  /** a·x */
  mulNumber: elementwise((x) => wasm.mul(x, A)),
  /** x/a */
  divNumber: elementwise((x) => wasm.div(x, A)),
  max: elementwise((x, y) => wasm.max(x, y)),
  min: elementwise((x, y) => wasm.min(x, y)),
  /** max(x, a), then min(…, b) */
  clip: elementwise((x) => wasm.min(wasm.max(x, A), B)),
  sqrt: elementwise((x) => wasm.sqrt(x)),
  sign: elementwise((x) => sign(x)),
  tanh: elementwise((x) => tanh(x)),
  /** The gradient y at relu x, by x. */
  reluGradient: elementwise(reluGradient),
  dot,
  bytesOver,
  transpose4,
};

export type Routines = { readonly [name in keyof typeof routines]: (...numbers: number[]) => void };

/** What this file uses of the engine's WebAssembly, which TypeScript knows from browsers only. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** The routines, compiled over this `WebAssembly.Memory`. */
export function compile(memory: object): Routines {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
  return new Instance(new Module(wasm.assemble(routines)), { env: { memory } }).exports as Routines;
}
