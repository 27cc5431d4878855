import {
  type Code,
  f64,
  f64x2,
  get,
  i32,
  loopWhile,
  repeatWhile,
  set,
  step,
  type,
} from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { address } from './product-kernels.js';
import { bothLanes, four, rowsFrom } from './vector-kernels.js';

const { i32: int, f64: real, v128: pair } = type;

/**
 * symmetricDots(y, a, x, n, rowLength): y ← y + A·x from the lower triangle of A, each entry read once.
 *
 * n is a multiple of 4 above 0. What stands above the diagonal outside the 4×4 tiles on it is not read.
 */
export const symmetricDots: FunctionCode = {
  parameters: [int, int, int, int, int],
  body(local) {
    const [y, a, x, n, rowLength] = [0, 1, 2, 3, 4];
    const at = four.map(() => local(int));
    const sums = four.map(() => local(pair));
    const zero = local(pair);
    const factors = four.map(() => local(pair));
    const [xAt, yAt, k, i] = [local(int), local(int), local(int), local(int)];
    const [xs, ys, as] = [local(pair), local(pair), local(pair)];
    const scalar = local(real);
    const oneRow = (row: number): Code[] => [
      set(as, f64x2.load(get(at[row]))),
      set(sums[row], f64x2.add(get(sums[row]), f64x2.mul(get(as), get(xs)))),
      set(ys, f64x2.add(get(ys), f64x2.mul(get(as), get(factors[row])))),
    ];
    const onDiagonal = (row: number): Code[] => [
      set(scalar, f64.add(f64.load(get(yAt), 8 * row), bothLanes(sums[row]))),
      ...four.map((column) => {
        const [high, low] = row > column ? [row, column] : [column, row];
        return set(
          scalar,
          f64.add(get(scalar), f64.mul(f64.load(get(at[high]), 8 * low), f64.load(get(xAt), 8 * column))),
        );
      }),
      f64.store(get(yAt), get(scalar), 8 * row),
    ];
    return [
      set(y, address(get(y))),
      set(a, address(get(a))),
      set(x, address(get(x))),
      set(rowLength, address(get(rowLength))),
      set(i, i32.const(0)),
      repeatWhile(
        i32.lessThan(get(i), get(n)),
        rowsFrom(at, a, rowLength),
        ...four.map((row) =>
          set(factors[row], f64x2.loadSplat(i32.add(get(x), i32.shl(get(i), i32.const(3))), 8 * row)),
        ),
        ...sums.map((sum) => set(sum, get(zero))),
        set(xAt, get(x)),
        set(yAt, get(y)),
        set(k, get(i)),
        loopWhile(
          get(k),
          set(xs, f64x2.load(get(xAt))),
          set(ys, f64x2.load(get(yAt))),
          ...four.flatMap(oneRow),
          f64x2.store(get(yAt), get(ys)),
          ...[...at, xAt, yAt].map((pointer) => step(pointer, i32.const(16))),
          step(k, i32.const(-2)),
        ),
        ...four.flatMap(onDiagonal),
        step(a, i32.shl(get(rowLength), i32.const(2))),
        step(i, i32.const(4)),
      ),
    ].flat();
  },
};
