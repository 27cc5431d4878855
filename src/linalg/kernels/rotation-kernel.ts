import { type Code, f64x2, get, i32, repeatWhile, set, step, type } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { address } from './product-kernels.js';

const { i32: int, v128: pair } = type;
const four = [0, 1, 2, 3];

/**
 * rotateRows(row, stride, count, rotations): a chain of plane rotations down (or up) rows of eight numbers.
 *
 * With (c, s) the next two numbers of `rotations`, p the row reached and q the one `stride` numbers on:
 * p ← c·p + s·q and q ← c·q − s·p. The row reached stays in registers, so each row is read and written once,
 * and a strip eight numbers wide of a whole matrix stays in the nearest cache over many chains.
 *
 * Source: Van Zee, van de Geijn & Quintana-Ortí 2014, whose aim this serves with strips in place of waves.
 */
export const rotateRows: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [row, stride, count, rotations] = [0, 1, 2, 3];
    const reached = four.map(() => local(pair));
    const [next, c, s] = [local(pair), local(pair), local(pair)];
    const onward = local(int);
    const rotate = (part: number): Code[] => [
      set(next, f64x2.load(get(onward), 16 * part)),
      f64x2.store(
        get(row),
        f64x2.add(f64x2.mul(get(c), get(reached[part])), f64x2.mul(get(s), get(next))),
        16 * part,
      ),
      set(reached[part], f64x2.sub(f64x2.mul(get(c), get(next)), f64x2.mul(get(s), get(reached[part])))),
    ];
    return [
      set(row, address(get(row))),
      set(stride, address(get(stride))),
      set(rotations, address(get(rotations))),
      ...four.map((part) => set(reached[part], f64x2.load(get(row), 16 * part))),
      repeatWhile(
        get(count),
        set(onward, i32.add(get(row), get(stride))),
        set(c, f64x2.loadSplat(get(rotations))),
        set(s, f64x2.loadSplat(get(rotations), 8)),
        ...four.flatMap(rotate),
        set(row, get(onward)),
        step(rotations, i32.const(16)),
        step(count, i32.const(-1)),
      ),
      ...four.map((part) => f64x2.store(get(row), get(reached[part]), 16 * part)),
    ].flat();
  },
};
