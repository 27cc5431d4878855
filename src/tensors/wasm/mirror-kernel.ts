import { type Code, f32, get, i32, loopWhile, set, step, type } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { wordAt } from './lanes.js';

const { i32: int } = type;

/** Rows of one item of work. */
export const rowsOfMirror = 16;

/**
 * mirror(job, first, end, thread): copies what is above the diagonals of a stack of n×n matrices below them, an item
 * 16 rows of one. Tile by tile: whole columns would miss the cache at each entry.
 *
 * Words: the address of the stack, n, and how many items a matrix has.
 */
export const mirror: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [matrix, n, top, bottom, from, i, j, stop] = Array.from({ length: 8 }, () => local(int));
    const least = (x: Code, y: Code): Code => i32.select(x, y, i32.lessThan(x, y));
    const rows = i32.const(rowsOfMirror);
    const at = (row: number, column: number): Code =>
      i32.add(get(matrix), i32.shl(i32.add(i32.mul(get(row), get(n)), get(column)), i32.const(2)));
    return [
      set(n, wordAt(job, 1)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        set(matrix, i32.mul(i32.div(get(item), wordAt(job, 2)), i32.mul(get(n), get(n)))),
        set(matrix, i32.add(wordAt(job, 0), i32.shl(get(matrix), i32.const(2)))),
        set(top, i32.mul(i32.rem(get(item), wordAt(job, 2)), rows)),
        set(bottom, least(i32.add(get(top), rows), get(n))),
        set(from, i32.const(0)),
        loopWhile(
          i32.lessThan(get(from), get(bottom)),
          set(i, get(top)),
          loopWhile(
            i32.lessThan(get(i), get(bottom)),
            set(j, get(from)),
            set(stop, least(i32.add(get(from), rows), get(i))),
            loopWhile(
              i32.lessThan(get(j), get(stop)),
              f32.store(at(i, j), f32.load(at(j, i))),
              step(j, i32.const(1)),
            ),
            step(i, i32.const(1)),
          ),
          step(from, rows),
        ),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};
