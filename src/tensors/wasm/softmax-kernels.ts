import { type Code, f32x4, get, i32, loopWhile, set, step, type } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { exponential } from './exponential.js';
import { across, combined, numberAt, wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/**
 * Rows of y = e^{s(x − max x)}/Σ e^{s(x − max x)}, softmax of s·x; y may be x. Words: x, y, bytes of a row. Number: s > 0.
 */
const softmax: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [x, y, bytes, i] = Array.from({ length: 4 }, () => local(int));
    const [most, sum, scale, t, n, power] = Array.from({ length: 6 }, () => local(four));
    const at = (word: number): Code => i32.add(wordAt(job, word), i32.mul(get(item), get(bytes)));
    return [
      set(bytes, wordAt(job, 2)),
      set(scale, numberAt(job, 0)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        set(x, at(0)),
        set(y, at(1)),
        set(most, f32x4.loadSplat(get(x))),
        ...across(i, i32.const(0), bytes, ({ load }) => [set(most, f32x4.max(get(most), load(x)))]),
        ...combined(most, f32x4.max),
        set(sum, f32x4.const(0)),
        ...across(i, i32.const(0), bytes, ({ load, store, counted }) => [
          ...exponential(f32x4.mul(get(scale), f32x4.sub(load(x), get(most))), t, n, power),
          store(y, get(power)),
          set(sum, f32x4.add(get(sum), counted(get(power)))),
        ]),
        ...combined(sum, f32x4.add),
        ...across(i, i32.const(0), bytes, ({ load, store }) => [store(y, f32x4.div(load(y), get(sum)))]),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

/** Rows of dx = s·y·(dy − Σ y·dy), the gradient by x at y = softmax(s·x). Words: y, dy, dx, bytes of a row. Number: s. */
const softmaxGradient: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [y, dy, dx, bytes, i] = Array.from({ length: 5 }, () => local(int));
    const [sum, scale] = [local(four), local(four)];
    const at = (word: number): Code => i32.add(wordAt(job, word), i32.mul(get(item), get(bytes)));
    return [
      set(bytes, wordAt(job, 3)),
      set(scale, numberAt(job, 0)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        ...[y, dy, dx].map((row, word) => set(row, at(word))),
        set(sum, f32x4.const(0)),
        ...across(i, i32.const(0), bytes, ({ load, counted }) => [
          set(sum, f32x4.add(get(sum), counted(f32x4.mul(load(y), load(dy))))),
        ]),
        ...combined(sum, f32x4.add),
        ...across(i, i32.const(0), bytes, ({ load, store }) => [
          store(dx, f32x4.mul(f32x4.mul(get(scale), load(y)), f32x4.sub(load(dy), get(sum)))),
        ]),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

/**
 * The gradient of ⟨ṗ, d⟩ + ⟨p, a⟩ at p = softmax(s·x) with the tangent ṗ = s·p∘(ẋ − t), t = Σ p∘ẋ: by x it is
 * s·p∘(b − Σ p∘b) with b = a + s·(ẋ∘(d − c) − t·d), c = Σ p∘d.
 *
 * Words: p, ẋ, d, a, bytes of a row. In place of ẋ comes ṗ, of d the gradient by ẋ, s·p∘(d − c), of a that by x.
 * Number: s.
 */
const softmaxCurvature: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [p, dx, d, a, bytes, i] = Array.from({ length: 6 }, () => local(int));
    const [t, c, sum, scale] = Array.from({ length: 4 }, () => local(four));
    const at = (word: number): Code => i32.add(wordAt(job, word), i32.mul(get(item), get(bytes)));
    const { add, sub, mul } = f32x4;
    return [
      set(bytes, wordAt(job, 4)),
      set(scale, numberAt(job, 0)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        ...[p, dx, d, a].map((row, word) => set(row, at(word))),
        ...[t, c, sum].map((register) => set(register, f32x4.const(0))),
        ...across(i, i32.const(0), bytes, ({ load, counted }) => [
          set(t, add(get(t), counted(mul(load(p), load(dx))))),
          set(c, add(get(c), counted(mul(load(p), load(d))))),
        ]),
        ...[t, c].flatMap((register) => combined(register, add)),
        ...across(i, i32.const(0), bytes, ({ load, store, counted }) => {
          const bent = sub(mul(load(dx), sub(load(d), get(c))), mul(get(t), load(d)));
          return [
            store(a, add(load(a), mul(get(scale), bent))),
            set(sum, add(get(sum), counted(mul(load(p), load(a))))),
            store(dx, mul(mul(get(scale), load(p)), sub(load(dx), get(t)))),
            store(d, mul(mul(get(scale), load(p)), sub(load(d), get(c)))),
          ];
        }),
        ...combined(sum, add),
        ...across(i, i32.const(0), bytes, ({ load, store }) => [
          store(a, mul(mul(get(scale), load(p)), sub(load(a), get(sum)))),
        ]),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

export const softmaxKernels = { softmax, softmaxGradient, softmaxCurvature };
