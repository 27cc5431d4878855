import { type Code, f32x4, get, i32, loopWhile, set, step, type } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { across, combined, numberAt, wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/** What the kernels have in common: the row x of `bytes` bytes, its moments, and the numbers d and ε. */
export interface Row {
  readonly x: number;
  readonly bytes: number;
  readonly i: number;
  /** μ and r = 1/√(σ² + ε), in all lanes. */
  readonly mean: number;
  readonly inverse: number;
}

/** Finds μ = Σ x/d and r of a row. */
export function moments({ x, bytes, i, mean, inverse }: Row, d: Code, epsilon: Code): Code[] {
  return [
    set(mean, f32x4.const(0)),
    ...across(i, i32.const(0), bytes, ({ load, counted }) => [
      set(mean, f32x4.add(get(mean), counted(load(x)))),
    ]),
    ...combined(mean, f32x4.add),
    set(mean, f32x4.div(get(mean), d)),
    set(inverse, f32x4.const(0)),
    ...across(i, i32.const(0), bytes, ({ load, counted }) => {
      const centred = f32x4.sub(load(x), get(mean));
      return [set(inverse, f32x4.add(get(inverse), counted(f32x4.mul(centred, centred))))];
    }),
    ...combined(inverse, f32x4.add),
    set(inverse, f32x4.div(get(inverse), d)),
    set(inverse, f32x4.div(f32x4.const(1), f32x4.sqrt(f32x4.add(get(inverse), epsilon)))),
  ];
}

/** (x − μ)·r */
export const normal = (value: Code, { mean, inverse }: Row): Code =>
  f32x4.mul(f32x4.sub(value, get(mean)), get(inverse));

/** Rows of y = scale·(x − μ)·r + bias. Words: x, scale, bias, y, bytes of a row. Numbers: d, ε. */
const layerNorm: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [x, scale, bias, y, bytes, i] = Array.from({ length: 6 }, () => local(int));
    const row: Row = { x, bytes, i, mean: local(four), inverse: local(four) };
    const at = (word: number): Code => i32.add(wordAt(job, word), i32.mul(get(item), get(bytes)));
    return [
      set(bytes, wordAt(job, 4)),
      set(scale, wordAt(job, 1)),
      set(bias, wordAt(job, 2)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        set(x, at(0)),
        set(y, at(3)),
        ...moments(row, numberAt(job, 0), numberAt(job, 1)),
        ...across(i, i32.const(0), bytes, ({ load, store }) => [
          store(y, f32x4.add(f32x4.mul(normal(load(x), row), load(scale)), load(bias))),
        ]),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

/**
 * Rows of dx = r·(g − ḡ − x̂·mean(g·x̂)), with g = dy·scale and x̂ = (x − μ)·r; keeps μ and r of each row, 32 bytes.
 *
 * Words: x, scale, dy, dx, bytes of a row, moments. Numbers: d, ε.
 */
const layerNormGradient: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [x, scale, dy, dx, bytes, kept, i] = Array.from({ length: 7 }, () => local(int));
    const row: Row = { x, bytes, i, mean: local(four), inverse: local(four) };
    const [plain, along, d] = [local(four), local(four), local(four)];
    const at = (word: number): Code => i32.add(wordAt(job, word), i32.mul(get(item), get(bytes)));
    return [
      set(bytes, wordAt(job, 4)),
      set(scale, wordAt(job, 1)),
      set(d, numberAt(job, 0)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        set(x, at(0)),
        set(dy, at(2)),
        set(dx, at(3)),
        set(kept, i32.add(wordAt(job, 5), i32.shl(get(item), i32.const(5)))),
        ...moments(row, get(d), numberAt(job, 1)),
        f32x4.store(get(kept), get(row.mean)),
        f32x4.store(get(kept), get(row.inverse), 16),
        set(plain, f32x4.const(0)),
        set(along, f32x4.const(0)),
        ...across(i, i32.const(0), bytes, ({ load, counted }) => {
          const g = f32x4.mul(load(dy), load(scale));
          return [
            set(plain, f32x4.add(get(plain), counted(g))),
            set(along, f32x4.add(get(along), counted(f32x4.mul(g, normal(load(x), row))))),
          ];
        }),
        ...combined(plain, f32x4.add),
        ...combined(along, f32x4.add),
        set(plain, f32x4.div(get(plain), get(d))),
        set(along, f32x4.div(get(along), get(d))),
        ...across(i, i32.const(0), bytes, ({ load, store }) => {
          const g = f32x4.mul(load(dy), load(scale));
          const bent = f32x4.mul(normal(load(x), row), get(along));
          return [store(dx, f32x4.mul(get(row.inverse), f32x4.sub(f32x4.sub(g, get(plain)), bent)))];
        }),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

export const normKernels = { layerNorm, layerNormGradient };
