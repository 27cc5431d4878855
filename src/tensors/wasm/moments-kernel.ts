import { type Code, f32x4, get, i32, set, type } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { blockBytes } from './elementwise-kernels.js';
import { across, numberAt, wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/**
 * m⁺ = β₁m + (1 − β₁)u, v⁺ = β₂v + (1 − β₂)u² and (m⁺/c₁)/(√(v⁺/c₂) + ε), entry by entry, each rounded as the kernels
 * are that it stands for.
 *
 * Words: m, v, u, m⁺, v⁺, the direction, bytes. Numbers: β₁, 1 − β₁, β₂, 1 − β₂, c₁, c₂, ε.
 */
const adamMoments: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, first, end] = [0, 1, 2];
    const [m, v, u, newM, newV, direction, bytes, i] = Array.from({ length: 8 }, () => local(int));
    const [mean, square] = [local(four), local(four)];
    const numbers = Array.from({ length: 7 }, () => local(four));
    const [keepM, addM, keepV, addV, correctM, correctV, epsilon] = numbers.map((register) => get(register));
    const whole = i32.mul(get(end), i32.const(blockBytes));
    const combined = (a: Code, x: Code, b: Code, y: Code): Code =>
      f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y));
    return [
      ...[m, v, u, newM, newV, direction].map((register, word) => set(register, wordAt(job, word))),
      ...numbers.map((register, at) => set(register, numberAt(job, at))),
      set(bytes, i32.select(whole, wordAt(job, 6), i32.lessThan(whole, wordAt(job, 6)))),
      ...across(i, i32.mul(get(first), i32.const(blockBytes)), bytes, ({ load, store }) => [
        set(mean, combined(keepM, load(m), addM, load(u))),
        set(square, combined(keepV, load(v), addV, f32x4.mul(load(u), load(u)))),
        store(newM, get(mean)),
        store(newV, get(square)),
        store(
          direction,
          f32x4.div(
            f32x4.div(get(mean), correctM),
            f32x4.add(f32x4.sqrt(f32x4.div(get(square), correctV)), epsilon),
          ),
        ),
      ]),
    ].flat();
  },
};

export const momentsKernels = { adamMoments };
