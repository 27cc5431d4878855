import { type Code, f32x4, get, i32, loopWhile, set, step, type } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { across, combined, numberAt, wordAt } from './lanes.js';
import { moments, normal, type Row } from './norm-kernels.js';

const { i32: int, v128: four } = type;

const mul = (...factors: readonly Code[]): Code => factors.reduce(f32x4.mul);
const sum = (...terms: readonly Code[]): Code => terms.reduce(f32x4.add);

/** Sets a register to the mean of a row of terms. */
const means = (
  i: number,
  bytes: number,
  d: number,
  terms: readonly (readonly [register: number, term: (load: (row: number) => Code) => Code])[],
): Code[] => [
  ...terms.map(([register]) => set(register, f32x4.const(0))),
  ...across(i, i32.const(0), bytes, ({ load, counted }) =>
    terms.map(([register, term]) => set(register, f32x4.add(get(register), counted(term(load))))),
  ),
  ...terms.flatMap(([register]) => [
    ...combined(register, f32x4.add),
    set(register, f32x4.div(get(register), get(d))),
  ]),
];

/**
 * Rows of ẏ = γ∘p + x̂∘γ̇ + β̇ with p = r·(ẋ − mean ẋ − x̂·mean(ẋ∘x̂)), the tangent of layer normalisation.
 *
 * Words: x, γ, ẋ, γ̇, β̇, ẏ, bytes of a row. Numbers: d, ε.
 */
const layerNormTangent: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [x, scale, dx, dScale, dBias, dy, bytes, i] = Array.from({ length: 8 }, () => local(int));
    const [plain, along, d] = [local(four), local(four), local(four)];
    const row: Row = { x, bytes, i, mean: local(four), inverse: local(four) };
    const at = (word: number): Code => i32.add(wordAt(job, word), i32.mul(get(item), get(bytes)));
    return [
      set(bytes, wordAt(job, 6)),
      set(scale, wordAt(job, 1)),
      set(dScale, wordAt(job, 3)),
      set(dBias, wordAt(job, 4)),
      set(d, numberAt(job, 0)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        set(x, at(0)),
        set(dx, at(2)),
        set(dy, at(5)),
        ...moments(row, get(d), numberAt(job, 1)),
        ...means(i, bytes, d, [
          [plain, (load) => load(dx)],
          [along, (load) => mul(load(dx), normal(load(x), row))],
        ]),
        ...across(i, i32.const(0), bytes, ({ load, store }) => {
          const centred = f32x4.sub(load(dx), get(plain));
          const moved = mul(get(row.inverse), f32x4.sub(centred, mul(normal(load(x), row), get(along))));
          return [
            store(dy, sum(mul(load(scale), moved), mul(normal(load(x), row), load(dScale)), load(dBias))),
          ];
        }),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

/**
 * Rows of the gradient of ⟨ẏ, dy⟩ by x, and of dy∘p, which summed over the rows is that by γ.
 *
 * With a = γ∘dy, b = ẋ, means α of a∘x̂ and β of b∘x̂, and q the mean of a∘b less ā·b̄ and αβ: with
 * c = dy∘γ̇ − r·(αb + βa) it is r·(c − c̄ − x̂·mean(c∘x̂)) − r²q·x̂.
 *
 * Words: x, γ, dy, ẋ, γ̇, the results dx and dy∘p, bytes of a row. Numbers: d, ε.
 */
const layerNormCurvature: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [x, scale, dy, b, dScale, dx, moved, bytes, i] = Array.from({ length: 9 }, () => local(int));
    const [aMean, bMean, aAlong, bAlong, q, cMean, cAlong, d] = Array.from({ length: 8 }, () => local(four));
    const row: Row = { x, bytes, i, mean: local(four), inverse: local(four) };
    const r = get(row.inverse);
    const at = (word: number): Code => i32.add(wordAt(job, word), i32.mul(get(item), get(bytes)));
    type Load = (row: number) => Code;
    const a = (load: Load): Code => mul(load(dy), load(scale));
    const unit = (load: Load): Code => normal(load(x), row);
    const c = (load: Load): Code =>
      f32x4.sub(
        mul(load(dy), load(dScale)),
        mul(r, f32x4.add(mul(get(aAlong), load(b)), mul(get(bAlong), a(load)))),
      );
    return [
      set(bytes, wordAt(job, 7)),
      set(scale, wordAt(job, 1)),
      set(dScale, wordAt(job, 4)),
      set(d, numberAt(job, 0)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        ...([x, dy, b, dx, moved] as const).map((register, k) => set(register, at([0, 2, 3, 5, 6][k]))),
        ...moments(row, get(d), numberAt(job, 1)),
        ...means(i, bytes, d, [
          [aMean, a],
          [bMean, (load) => load(b)],
          [aAlong, (load) => mul(a(load), unit(load))],
          [bAlong, (load) => mul(load(b), unit(load))],
          [q, (load) => mul(a(load), load(b))],
        ]),
        set(q, f32x4.sub(f32x4.sub(get(q), mul(get(aMean), get(bMean))), mul(get(aAlong), get(bAlong)))),
        ...means(i, bytes, d, [
          [cMean, c],
          [cAlong, (load) => mul(c(load), unit(load))],
        ]),
        ...across(i, i32.const(0), bytes, ({ load, store }) => {
          const bent = f32x4.add(get(cAlong), mul(r, get(q)));
          const centred = f32x4.sub(load(b), get(bMean));
          return [
            store(dx, mul(r, f32x4.sub(f32x4.sub(c(load), get(cMean)), mul(unit(load), bent)))),
            store(moved, mul(load(dy), r, f32x4.sub(centred, mul(unit(load), get(bAlong))))),
          ];
        }),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

export const normTangentKernels = { layerNormTangent, layerNormCurvature };
