import {
  type Code,
  f64,
  f64x2,
  get,
  i32,
  repeatWhile,
  set,
  step,
  type,
  type ValueType,
} from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
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

type Local = (kind: ValueType) => number;

/** The parameters of a kernel: a matrix, a vector with an entry for each row and one with an entry for each column. */
interface Operands {
  readonly m: number;
  readonly perRow: number;
  readonly perColumn: number;
}

/** What a kernel does with four rows: at first, with two columns of each, and at last. */
interface FourRows {
  readonly before: Code[];
  /** `at` are the addresses reached in the rows, `here` the one in the vector with an entry for each column. */
  readonly along: (at: readonly number[], here: number) => Code[];
  readonly after?: Code[];
}

/** A kernel that goes through the rows of M by fours, and along them by twos. */
const byFourRows = (
  operands: Operands,
  work: (local: Local, operands: Operands) => FourRows,
): FunctionCode => ({
  parameters: [int, int, int, int, int, int],
  body(local) {
    const [rows, columns, rowLength] = [3, 4, 5];
    const { m, perRow, perColumn } = operands;
    const at = four.map(() => local(int));
    const [here, k] = [local(int), local(int)];
    const { before, along, after = [] } = work(local, operands);
    return [
      ...[m, perRow, perColumn, rowLength].map((operand) => set(operand, address(get(operand)))),
      repeatWhile(
        get(rows),
        rowsFrom(at, m, rowLength),
        ...before,
        set(here, get(perColumn)),
        set(k, get(columns)),
        repeatWhile(
          get(k),
          ...along(at, here),
          ...[...at, here].map((pointer) => step(pointer, i32.const(16))),
          step(k, i32.const(-2)),
        ),
        ...after,
        step(perRow, i32.const(32)),
        step(m, i32.shl(get(rowLength), i32.const(2))),
        step(rows, i32.const(-4)),
      ),
    ].flat();
  },
});

/** Four locals that hold the next four entries of a vector, each in both lanes, and their setting. */
function spread(local: Local, vector: number): { readonly factors: number[]; readonly setting: Code[] } {
  const factors = four.map(() => local(pair));
  return { factors, setting: four.map((row) => set(factors[row], f64x2.loadSplat(get(vector), 8 * row))) };
}

/**
 * dots(t, m, x, rows, columns, rowLength): t = M·x.
 *
 * `rows` is a multiple of 4 and `columns` of 2, both above 0.
 */
export const dots = byFourRows({ perRow: 0, m: 1, perColumn: 2 }, (local, { perRow: t }) => {
  const sums = four.map(() => local(pair));
  const [zero, one] = [local(pair), local(pair)];
  return {
    before: sums.map((sum) => set(sum, get(zero))),
    along: (at, here) => [
      set(one, f64x2.load(get(here))),
      ...four.map((row) =>
        set(sums[row], f64x2.add(get(sums[row]), f64x2.mul(f64x2.load(get(at[row])), get(one)))),
      ),
    ],
    after: four.map((row) => f64.store(get(t), bothLanes(sums[row]), 8 * row)),
  };
});

/**
 * combine(y, m, t, rows, columns, rowLength): y ← y + Mᵀ·t.
 *
 * `rows` is a multiple of 4 and `columns` of 2, both above 0.
 */
export const combine = byFourRows({ perColumn: 0, m: 1, perRow: 2 }, (local, { perRow: t }) => {
  const { factors, setting } = spread(local, t);
  const sum = local(pair);
  return {
    before: setting,
    along: (at, here) => [
      set(sum, f64x2.load(get(here))),
      ...four.map((row) =>
        set(sum, f64x2.add(get(sum), f64x2.mul(f64x2.load(get(at[row])), get(factors[row])))),
      ),
      f64x2.store(get(here), get(sum)),
    ],
  };
});

/**
 * addOuter(m, t, x, rows, columns, rowLength): M ← M + t·xᵀ.
 *
 * `rows` is a multiple of 4 and `columns` of 2, both above 0.
 */
export const addOuter = byFourRows({ m: 0, perRow: 1, perColumn: 2 }, (local, { perRow: t }) => {
  const { factors, setting } = spread(local, t);
  const one = local(pair);
  return {
    before: setting,
    along: (at, here) => [
      set(one, f64x2.load(get(here))),
      ...four.map((row) =>
        f64x2.store(
          get(at[row]),
          f64x2.add(f64x2.load(get(at[row])), f64x2.mul(get(one), get(factors[row]))),
        ),
      ),
    ],
  };
});
