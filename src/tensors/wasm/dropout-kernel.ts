import { type Code, f32x4, get, i32, i32x4, set, type, v128 } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { blockBytes } from './elementwise-kernels.js';
import { across, numberAt, wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/**
 * x·factor where the hash of the entry's position is kept, else x·0; `operations/dropout.ts` says the hash.
 *
 * Words: x, result, bytes, seed, least (of the hash's 24 bits that are kept). Number: factor. Items of `blockBytes`.
 */
const dropout: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, first, end] = [0, 1, 2];
    const [x, y, bytes, seed, least, i] = Array.from({ length: 6 }, () => local(int));
    const [hash, factor] = [local(four), local(four)];
    const whole = i32.mul(get(end), i32.const(blockBytes));
    const times = (multiplier: number): Code =>
      set(hash, i32x4.mul(get(hash), i32x4.splat(i32.const(multiplier | 0))));
    const folded = (bits: number): Code =>
      set(hash, v128.xor(get(hash), i32x4.shiftRight(get(hash), i32.const(bits))));
    return [
      ...[x, y, bytes, seed, least].map((place, word) => set(place, wordAt(job, word))),
      set(factor, numberAt(job, 0)),
      set(bytes, i32.select(whole, get(bytes), i32.lessThan(whole, get(bytes)))),
      ...across(i, i32.mul(get(first), i32.const(blockBytes)), bytes, ({ load, store }) => [
        set(hash, i32x4.add(i32x4.splat(i32.div(get(i), i32.const(4))), i32x4.const(0, 1, 2, 3))),
        times(0x9e3779b1),
        set(hash, v128.xor(get(hash), i32x4.splat(get(seed)))),
        folded(16),
        times(0x85ebca6b),
        folded(13),
        times(0xc2b2ae35),
        folded(16),
        set(hash, i32x4.lessThan(i32x4.shiftRight(get(hash), i32.const(8)), i32x4.splat(get(least)))),
        store(y, f32x4.mul(load(x), v128.andNot(get(factor), get(hash)))),
      ]),
    ].flat();
  },
};

export const dropoutKernels = { dropout };
