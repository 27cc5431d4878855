import {
  type Code,
  f32,
  f64,
  f64x2,
  get,
  i32,
  loopWhile,
  set,
  step,
  type,
  v128,
} from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/**
 * The sum of each row, in float64 and rounded once, as on the CPU: a float32 sum of ones stands still at 2²⁴.
 *
 * Words: the addresses of the rows and of the sums, the bytes of a row.
 */
const rowSums: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, row, end] = [0, 1, 2];
    const [from, stop] = [local(int), local(int)];
    const sums = Array.from({ length: 4 }, () => local(four));
    const [first, second, third, fourth] = sums;
    const pass = (width: number, terms: readonly Code[]): Code =>
      loopWhile(
        i32.unsignedAtMost(i32.add(get(from), i32.const(width)), get(stop)),
        ...terms.map((two, k) => set(sums[k], f64x2.add(get(sums[k]), f64x2.promoteLow(two)))),
        step(from, i32.const(width)),
      );
    const added = (to: number, other: number): Code => set(to, f64x2.add(get(to), get(other)));
    return loopWhile(
      i32.lessThan(get(row), get(end)),
      set(from, i32.add(wordAt(job, 0), i32.mul(get(row), wordAt(job, 2)))),
      set(stop, i32.add(get(from), wordAt(job, 2))),
      ...sums.map((sum) => set(sum, v128.const(0))),
      pass(
        32,
        sums.map((_, k) => v128.loadHalf(get(from), 8 * k)),
      ),
      pass(4, [v128.loadQuarter(get(from))]),
      ...[added(first, second), added(third, fourth), added(first, third)],
      f32.store(
        i32.add(wordAt(job, 1), i32.shl(get(row), i32.const(2))),
        f32.fromDouble(f64.add(f64x2.lane(get(first), 0), f64x2.lane(get(first), 1))),
      ),
      step(row, i32.const(1)),
    );
  },
};

export const sumKernels = { rowSums };
