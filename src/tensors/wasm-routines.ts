import { type Code, f32x4, get, i32, loopWhile, set, step, type, type v128 } from '../wasm/assembler.js';
import * as wasm from '../wasm/module.js';

const { i32: int, f32: real, v128: four } = type;
type FunctionCode = wasm.FunctionCode;

/** Whether so many more bytes are left, from `position` on. */
const left = (width: number, position: number, bytes: number): Code =>
  i32.unsignedAtMost(i32.add(get(position), i32.const(width)), get(bytes));

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

/** Runs of bytes, a multiple of 4, whose beginnings are strides apart. Parameters: from, to, bytes, runs, strides of both. */
const copyRuns: FunctionCode = {
  parameters: [int, int, int, int, int, int],
  body(local) {
    const [from, to, bytes, runs, fromStride, toStride] = [0, 1, 2, 3, 4, 5];
    const position = local(int);
    const at = (base: number): Code => i32.add(get(base), get(position));
    return loopWhile(
      get(runs),
      set(position, i32.const(0)),
      loopWhile(
        left(64, position, bytes),
        ...[0, 16, 32, 48].map((lane) => f32x4.store(at(to), f32x4.load(at(from), lane), lane)),
        step(position, i32.const(64)),
      ),
      loopWhile(
        left(16, position, bytes),
        f32x4.store(at(to), f32x4.load(at(from))),
        step(position, i32.const(16)),
      ),
      loopWhile(
        left(4, position, bytes),
        i32.store(at(to), i32.load(at(from))),
        step(position, i32.const(4)),
      ),
      step(from, get(fromStride)),
      step(to, get(toStride)),
      step(runs, i32.const(-1)),
    );
  },
};

/** What the WebAssembly backend lacks or does slowly, on four float32 at a time. */
export const routines = {
  dot,
  bytesOver,
  transpose4,
  copyRuns,
};

export type Routines = { readonly [name in keyof typeof routines]: (...numbers: number[]) => void };

/** The routines, compiled over this `WebAssembly.Memory`. */
export const compile = (memory: object): Routines => wasm.compile<Routines>(routines, memory);
