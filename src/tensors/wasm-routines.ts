import { type Code, f32x4, get, i32, loopWhile, set, step, type, v128 } from '../wasm/assembler.js';
import * as wasm from '../wasm/module.js';

const { i32: int, f32: real, v128: four } = type;
type FunctionCode = wasm.FunctionCode;

/** What a formula may use besides its entries: the two numbers, in all lanes, and two registers of its own. */
interface Registers {
  readonly a: Code;
  readonly b: Code;
  readonly t: number;
  readonly u: number;
}
type Formula = (x: Code, y: Code, registers: Registers) => Code;

/** Whether so many more bytes are left, from `position` on. */
const left = (width: number, position: number, bytes: number): Code =>
  i32.unsignedAtMost(i32.add(get(position), i32.const(width)), get(bytes));

/**
 * A loop over float32 entries, four at a time, then one by one; `formula` says what to make of xᵢ and yᵢ.
 *
 * Parameters: the addresses of x, y and the result, the length in bytes, two numbers.
 */
const elementwise = (formula: Formula): FunctionCode => ({
  parameters: [int, int, int, int, real, real],
  body(local) {
    const [x, y, result, bytes, first, second] = [0, 1, 2, 3, 4, 5];
    const i = local(int);
    const [a, b, t, u] = [local(four), local(four), local(four), local(four)];
    const at = (base: number): Code => i32.add(get(base), get(i));
    const pass = (width: number, load: typeof v128.load, store: (at: Code, value: Code) => Code): Code =>
      loopWhile(
        left(width, i, bytes),
        store(at(result), formula(load(at(x)), load(at(y)), { a: get(a), b: get(b), t, u })),
        step(i, i32.const(width)),
      );
    return [
      set(a, f32x4.splat(get(first))),
      set(b, f32x4.splat(get(second))),
      pass(16, f32x4.load, f32x4.store),
      pass(4, f32x4.loadSplat, f32x4.storeFirst),
    ].flat();
  },
});

/** The polynomial Σ cₖ tᵏ by Horner's rule, the highest coefficient first. */
function polynomial(coefficients: readonly number[], at: Code): Code {
  const [highest, ...rest] = coefficients.map(f32x4.const);
  return rest.reduce((sum, coefficient) => f32x4.add(f32x4.mul(sum, at), coefficient), highest);
}

/**
 * tanh x ≈ x·P(x²)/Q(x²), x held to ±7.905, beyond which float32 rounds to 1 within 3·2⁻²³. NaN stays NaN.
 * Source of the coefficients: the rational minimax approximation of Eigen 3.4 (`generic_fast_tanh_float`).
 */
const tanh: Formula = (x, _, { t, u }) => {
  const bound = 7.905311107635498;
  const held = f32x4.max(f32x4.const(-bound), f32x4.min(f32x4.const(bound), x));
  const numerator = polynomial(
    [
      -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
      1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
    ],
    get(u),
  );
  const denominator = polynomial(
    [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
    get(u),
  );
  return [
    set(t, held),
    set(u, f32x4.mul(get(t), get(t))),
    f32x4.div(f32x4.mul(get(t), numerator), denominator),
  ].flat();
};

/** t where it is NaN, else all bits zero. */
const onlyNaN = (t: number): Code => v128.and(f32x4.notEqual(get(t), get(t)), get(t));

/** −1, 0 or 1; NaN stays NaN, by its bits. */
const sign: Formula = (x, _, { t }) => {
  const zero = f32x4.const(0);
  const side = (mask: Code, value: number): Code => v128.and(mask, f32x4.const(value));
  return [
    set(t, x),
    v128.or(
      v128.or(side(f32x4.greaterThan(get(t), zero), 1), side(f32x4.lessThan(get(t), zero), -1)),
      onlyNaN(t),
    ),
  ].flat();
};

/** dy where x > 0, NaN where x is, else 0. */
const reluGradient: Formula = (x, dy, { t }) =>
  [set(t, x), v128.or(v128.and(f32x4.greaterThan(get(t), f32x4.const(0)), dy), onlyNaN(t))].flat();

/** Bytes divided by a number: four at a time, what is left after fours not touched. */
const bytesOver: FunctionCode = {
  parameters: [int, int, int, real],
  body(local) {
    const [from, to, count, divisor] = [0, 1, 2, 3];
    const position = local(int);
    return loopWhile(
      left(4, position, count),
      f32x4.store(
        i32.add(get(to), i32.mul(get(position), i32.const(4))),
        f32x4.div(
          f32x4.fromBytes(f32x4.loadFirst(i32.add(get(from), get(position)))),
          f32x4.splat(get(divisor)),
        ),
      ),
      step(position, i32.const(4)),
    );
  },
};

/** Σ xᵢyᵢ in four partial sums, which the result takes one by one; sixteen of them while it runs. */
const dot: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [x, y, result, bytes] = [0, 1, 2, 3];
    const sums = [local(four), local(four), local(four), local(four)];
    const position = local(int);
    const pass = (width: number, load: typeof v128.load): Code =>
      loopWhile(
        left(width, position, bytes),
        ...sums.slice(0, Math.max(1, width / 16)).map((sum, k) => {
          const entries = (base: number): Code => load(i32.add(get(base), get(position)), 16 * k);
          return set(sum, f32x4.add(get(sum), f32x4.mul(entries(x), entries(y))));
        }),
        step(position, i32.const(width)),
      );
    return [
      pass(64, f32x4.load),
      pass(16, f32x4.load),
      pass(4, f32x4.loadFirst),
      f32x4.store(
        get(result),
        sums.map(get).reduce((total, sum) => f32x4.add(total, sum)),
      ),
    ].flat();
  },
};

/**
 * Four rows of x, of `columns` entries each, become four columns of the result, whose rows are `stride` bytes
 * apart; what is left of `columns` after fours is not touched. Parameters: x, result, columns·4, stride.
 */
const transpose4: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [from, to, width, stride] = [0, 1, 2, 3];
    const [column, target] = [local(int), local(int)];
    const rows = [local(four), local(four), local(four), local(four)];
    const halves = [local(four), local(four), local(four), local(four)];
    const [low, high] = [
      [0, 4, 1, 5],
      [2, 6, 3, 7],
    ];
    const shuffled = (registers: number[], k: number, l: number, lanes: number[]): Code =>
      f32x4.shuffle(get(registers[k]), get(registers[l]), lanes);
    const address = (row: number): Code =>
      i32.add(i32.add(get(from), get(column)), i32.mul(get(width), i32.const(row)));
    const put = (row: number, value: Code): Code =>
      f32x4.store(i32.add(get(target), i32.mul(get(stride), i32.const(row))), value);
    return [
      set(target, get(to)),
      loopWhile(
        left(16, column, width),
        ...rows.map((register, row) => set(register, f32x4.load(address(row)))),
        // 00 20 01 21, 02 22 03 23 and 10 30 11 31, 12 32 13 33: then the same between the pairs
        set(halves[0], shuffled(rows, 0, 2, low)),
        set(halves[1], shuffled(rows, 0, 2, high)),
        set(halves[2], shuffled(rows, 1, 3, low)),
        set(halves[3], shuffled(rows, 1, 3, high)),
        put(0, shuffled(halves, 0, 2, low)),
        put(1, shuffled(halves, 0, 2, high)),
        put(2, shuffled(halves, 1, 3, low)),
        put(3, shuffled(halves, 1, 3, high)),
        step(column, i32.const(16)),
        step(target, i32.mul(get(stride), i32.const(4))),
      ),
    ].flat();
  },
};

/** What the WebAssembly backend lacks or does slowly, on four float32 at a time. a and b are the two numbers. */
export const routines = {
  /** a·x + b·y */
  combine: elementwise((x, y, { a, b }) => f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y))),
  /** x + a */
  addNumber: elementwise((x, _, { a }) => f32x4.add(x, a)),
  /** a·x */
  mulNumber: elementwise((x, _, { a }) => f32x4.mul(x, a)),
  /** x/a */
  divNumber: elementwise((x, _, { a }) => f32x4.div(x, a)),
  max: elementwise(f32x4.max),
  min: elementwise(f32x4.min),
  /** max(x, a), then min(…, b) */
  clip: elementwise((x, _, { a, b }) => f32x4.min(f32x4.max(x, a), b)),
  sqrt: elementwise(f32x4.sqrt),
  sign: elementwise(sign),
  tanh: elementwise(tanh),
  /** The gradient y at relu x, by x. */
  reluGradient: elementwise(reluGradient),
  dot,
  bytesOver,
  transpose4,
};

export type Routines = { readonly [name in keyof typeof routines]: (...numbers: number[]) => void };

/** The routines, compiled over this `WebAssembly.Memory`. */
export const compile = (memory: object): Routines => wasm.compile<Routines>(routines, memory);
