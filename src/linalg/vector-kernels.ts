import { type Code, f64, f64x2, get, i32, repeatWhile, set, step, type } from '../algebra/wasm-assembler.js';
import type { FunctionCode } from '../algebra/wasm-module.js';
import { address } from './product-kernels.js';

const { i32: int, v128: pair } = type;
export const four = [0, 1, 2, 3];

/** Sets four locals to the byte addresses of four rows from the one in `first` on. */
export const rowsFrom = (rows: readonly number[], first: number, stride: number): Code =>
  [
    set(rows[0], get(first)),
    ...[1, 2, 3].map((row) => set(rows[row], i32.add(get(rows[row - 1]), get(stride)))),
  ].flat();
/** The sum of a register's two lanes. */
export const bothLanes = (sum: number): Code => f64.add(f64x2.lane(get(sum), 0), f64x2.lane(get(sum), 1));

/**
 * dots(t, m, x, rows, columns, rowLength): t = M·x.
 *
 * `rows` is a multiple of 4 and `columns` of 2, both above 0.
 */
export const dots: FunctionCode = {
  parameters: [int, int, int, int, int, int],
  body(local) {
    const [t, m, x, rows, columns, rowLength] = [0, 1, 2, 3, 4, 5];
    const at = four.map(() => local(int));
    const sums = four.map(() => local(pair));
    const zero = local(pair);
    const [j, k, one] = [local(int), local(int), local(pair)];
    return [
      set(t, address(get(t))),
      set(m, address(get(m))),
      set(x, address(get(x))),
      set(rowLength, address(get(rowLength))),
      repeatWhile(
        get(rows),
        rowsFrom(at, m, rowLength),
        ...sums.map((sum) => set(sum, get(zero))),
        set(j, get(x)),
        set(k, get(columns)),
        repeatWhile(
          get(k),
          set(one, f64x2.load(get(j))),
          ...four.map((row) =>
            set(sums[row], f64x2.add(get(sums[row]), f64x2.mul(f64x2.load(get(at[row])), get(one)))),
          ),
          ...at.map((row) => step(row, i32.const(16))),
          step(j, i32.const(16)),
          step(k, i32.const(-2)),
        ),
        ...four.map((row) => f64.store(get(t), bothLanes(sums[row]), 8 * row)),
        step(t, i32.const(32)),
        step(m, i32.shl(get(rowLength), i32.const(2))),
        step(rows, i32.const(-4)),
      ),
    ].flat();
  },
};

/**
 * combine(y, m, t, rows, columns, rowLength): y ← y + Mᵀ·t.
 *
 * `rows` is a multiple of 4 and `columns` of 2, both above 0.
 */
export const combine: FunctionCode = {
  parameters: [int, int, int, int, int, int],
  body(local) {
    const [y, m, t, rows, columns, rowLength] = [0, 1, 2, 3, 4, 5];
    const at = four.map(() => local(int));
    const factors = four.map(() => local(pair));
    const [j, k, sum] = [local(int), local(int), local(pair)];
    return [
      set(y, address(get(y))),
      set(m, address(get(m))),
      set(t, address(get(t))),
      set(rowLength, address(get(rowLength))),
      repeatWhile(
        get(rows),
        rowsFrom(at, m, rowLength),
        ...four.map((row) => set(factors[row], f64x2.loadSplat(get(t), 8 * row))),
        set(j, get(y)),
        set(k, get(columns)),
        repeatWhile(
          get(k),
          set(sum, f64x2.load(get(j))),
          ...four.map((row) =>
            set(sum, f64x2.add(get(sum), f64x2.mul(f64x2.load(get(at[row])), get(factors[row])))),
          ),
          f64x2.store(get(j), get(sum)),
          ...at.map((row) => step(row, i32.const(16))),
          step(j, i32.const(16)),
          step(k, i32.const(-2)),
        ),
        step(t, i32.const(32)),
        step(m, i32.shl(get(rowLength), i32.const(2))),
        step(rows, i32.const(-4)),
      ),
    ].flat();
  },
};

/**
 * addOuter(m, t, x, rows, columns, rowLength): M ← M + t·xᵀ.
 *
 * `rows` is a multiple of 4 and `columns` of 2, both above 0.
 */
export const addOuter: FunctionCode = {
  parameters: [int, int, int, int, int, int],
  body(local) {
    const [m, t, x, rows, columns, rowLength] = [0, 1, 2, 3, 4, 5];
    const at = four.map(() => local(int));
    const factors = four.map(() => local(pair));
    const [j, k, one] = [local(int), local(int), local(pair)];
    const onRow = (row: number): Code =>
      f64x2.store(get(at[row]), f64x2.add(f64x2.load(get(at[row])), f64x2.mul(get(one), get(factors[row]))));
    return [
      set(m, address(get(m))),
      set(t, address(get(t))),
      set(x, address(get(x))),
      set(rowLength, address(get(rowLength))),
      repeatWhile(
        get(rows),
        rowsFrom(at, m, rowLength),
        ...four.map((row) => set(factors[row], f64x2.loadSplat(get(t), 8 * row))),
        set(j, get(x)),
        set(k, get(columns)),
        repeatWhile(
          get(k),
          set(one, f64x2.load(get(j))),
          ...four.map(onRow),
          ...[...at, j].map((pointer) => step(pointer, i32.const(16))),
          step(k, i32.const(-2)),
        ),
        step(t, i32.const(32)),
        step(m, i32.shl(get(rowLength), i32.const(2))),
        step(rows, i32.const(-4)),
      ),
    ].flat();
  },
};
