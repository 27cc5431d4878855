import { type Code, f64, f64x2, get, i32, repeatWhile, set, step, type } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';

const { i32: int, f64: real, v128: pair } = type;
/** The byte address of the float64 with this index. */
export const address = (index: Code): Code => i32.shl(index, i32.const(3));

/**
 * pack4(to, from, rows, columns, rowStride, columnStride): lays four rows side by side, column by column.
 *
 * to[p·4·columns + 4j + i] = from[(4p + i)·rowStride + j·columnStride], `rows` a multiple of 4. All addresses
 * and strides count float64.
 */
export const pack4: FunctionCode = {
  parameters: [int, int, int, int, int, int],
  body(local) {
    const [to, from, rows, columns, rowStride, columnStride] = [0, 1, 2, 3, 4, 5];
    const [at, at2, column, row] = [local(int), local(int), local(int), local(int)];
    const copy = (lane: number, base: number, far: boolean): Code =>
      f64.store(get(to), f64.load(far ? i32.add(get(base), get(rowStride)) : get(base)), 8 * lane);
    return [
      set(to, address(get(to))),
      set(from, address(get(from))),
      set(rowStride, address(get(rowStride))),
      set(columnStride, address(get(columnStride))),
      set(row, i32.const(0)),
      repeatWhile(
        i32.lessThan(get(row), get(rows)),
        set(at, get(from)),
        set(at2, i32.add(get(from), i32.shl(get(rowStride), i32.const(1)))),
        set(column, get(columns)),
        repeatWhile(
          get(column),
          copy(0, at, false),
          copy(1, at, true),
          copy(2, at2, false),
          copy(3, at2, true),
          step(to, i32.const(32)),
          step(at, get(columnStride)),
          step(at2, get(columnStride)),
          step(column, i32.const(-1)),
        ),
        step(from, i32.shl(get(rowStride), i32.const(2))),
        step(row, i32.const(4)),
      ),
    ].flat();
  },
};

/**
 * tiles(c, rowLength, left, right, rows, columns, inner, scale, lower): C ← C + scale·L·Rᵀ on 4×4 tiles.
 *
 * `left` and `right` are packed by pack4 with `inner` columns; `rows` and `columns` are multiples of 4. With
 * `lower` = 1 the tiles above the diagonal are left out.
 *
 * Source: Goto & van de Geijn 2008, the inner kernel.
 */
export const tiles: FunctionCode = {
  parameters: [int, int, int, int, int, int, int, real, int],
  body(local) {
    const [c, rowLength, left, right, rows, columns, inner, scale, lower] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    const [l, r, k, i, j, panel, to, skip] = Array.from({ length: 8 }, () => local(int));
    const sums = Array.from({ length: 8 }, () => local(pair));
    const zero = local(pair);
    const rightLow = local(pair);
    const rightHigh = local(pair);
    const leftOne = local(pair);
    const factor = local(pair);
    const multiplyAdd = (row: number, offset: number): Code[] => [
      set(leftOne, f64x2.loadSplat(get(l), offset + 8 * row)),
      set(sums[2 * row], f64x2.add(get(sums[2 * row]), f64x2.mul(get(leftOne), get(rightLow)))),
      set(sums[2 * row + 1], f64x2.add(get(sums[2 * row + 1]), f64x2.mul(get(leftOne), get(rightHigh)))),
    ];
    const oneColumn = (offset: number): Code[] => [
      set(rightLow, f64x2.load(get(r), offset)),
      set(rightHigh, f64x2.load(get(r), offset + 16)),
      ...[0, 1, 2, 3].flatMap((row) => multiplyAdd(row, offset)),
    ];
    const addRow = (row: number): Code[] => [
      ...[0, 1].map((half) =>
        f64x2.store(
          get(to),
          f64x2.add(f64x2.load(get(to), 16 * half), f64x2.mul(get(factor), get(sums[2 * row + half]))),
          16 * half,
        ),
      ),
      step(to, get(rowLength)),
    ];
    return [
      set(rowLength, address(get(rowLength))),
      set(c, address(get(c))),
      set(left, address(get(left))),
      set(right, address(get(right))),
      set(panel, i32.shl(get(inner), i32.const(5))),
      set(factor, f64x2.splat(get(scale))),
      set(j, i32.const(0)),
      repeatWhile(
        i32.lessThan(get(j), get(columns)),
        set(skip, i32.select(get(j), i32.const(0), get(lower))),
        set(i, get(skip)),
        // Panels hold four rows, so row i's panel begins i/4 panels on.
        set(l, i32.add(get(left), i32.mul(get(i), i32.shl(get(inner), i32.const(3))))),
        repeatWhile(
          i32.lessThan(get(i), get(rows)),
          ...sums.map((sum) => set(sum, get(zero))),
          set(r, get(right)),
          set(k, get(inner)),
          repeatWhile(
            get(k),
            ...oneColumn(0),
            step(l, i32.const(32)),
            step(r, i32.const(32)),
            step(k, i32.const(-1)),
          ),
          set(to, i32.add(i32.add(get(c), i32.mul(get(i), get(rowLength))), i32.shl(get(j), i32.const(3)))),
          ...[0, 1, 2, 3].flatMap(addRow),
          step(i, i32.const(4)),
        ),
        step(right, get(panel)),
        step(j, i32.const(4)),
      ),
    ].flat();
  },
};
