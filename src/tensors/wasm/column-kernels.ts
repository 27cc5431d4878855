import { type Code, f32x4, get, i32, loopWhile, set, step, type, type v128 } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/** Columns of one item of work. */
export const columnsOfItem = 16;

interface Columns {
  /** How many sums are formed of each column. */
  readonly results: number;
  /** How many matrices are read. */
  readonly sources: number;
  /** The terms of the sums, given the entries of the sources, and μ and r of the row where they are kept. */
  terms(entries: readonly Code[], mean: Code, inverse: Code): readonly Code[];
}

/**
 * A kernel whose items are 16 columns of matrices of equal shape: each column is summed over all rows in order.
 *
 * Words: the number of rows, the bytes of a row, the addresses of the results, those of the sources, and that of the
 * moments of the rows, as `layerNormGradient` keeps them.
 */
const overColumns = ({ results, sources, terms }: Columns): FunctionCode => ({
  parameters: [int, int, int, int],
  body(local) {
    const [job, first, end] = [0, 1, 2];
    const [rows, bytes, column, stop, left, kept] = Array.from({ length: 6 }, () => local(int));
    const at = Array.from({ length: sources }, () => local(int));
    const sums = Array.from({ length: results }, () => Array.from({ length: 4 }, () => local(four)));
    const whole = i32.mul(get(end), i32.const(4 * columnsOfItem));
    const pass = (
      registers: number,
      width: number,
      load: typeof v128.load,
      store: (at: Code, value: Code, offset?: number) => Code,
    ): Code => {
      const each = Array.from({ length: registers }, (_, r) => r);
      const oneRow = each.flatMap((r) =>
        terms(
          at.map((place) => load(get(place), 16 * r)),
          f32x4.load(get(kept)),
          f32x4.load(get(kept), 16),
        ).map((term, k) => set(sums[k][r], f32x4.add(get(sums[k][r]), term))),
      );
      return loopWhile(
        i32.unsignedAtMost(i32.add(get(column), i32.const(registers * width)), get(stop)),
        ...at.map((place, k) => set(place, i32.add(wordAt(job, 2 + results + k), get(column)))),
        set(kept, wordAt(job, 2 + results + sources)),
        ...sums.flat().map((sum) => set(sum, f32x4.const(0))),
        set(left, get(rows)),
        loopWhile(
          get(left),
          ...oneRow,
          ...at.map((place) => step(place, get(bytes))),
          step(kept, i32.const(32)),
          step(left, i32.const(-1)),
        ),
        ...sums.flatMap((sum, k) =>
          each.map((r) =>
            store(i32.add(wordAt(job, 2 + k), i32.add(get(column), i32.const(16 * r))), get(sum[r])),
          ),
        ),
        step(column, i32.const(registers * width)),
      );
    };
    return [
      set(rows, wordAt(job, 0)),
      set(bytes, wordAt(job, 1)),
      set(column, i32.mul(get(first), i32.const(4 * columnsOfItem))),
      set(stop, i32.select(whole, get(bytes), i32.lessThan(whole, get(bytes)))),
      pass(4, 16, f32x4.load, f32x4.store),
      pass(1, 16, f32x4.load, f32x4.store),
      pass(1, 4, f32x4.loadSplat, f32x4.storeFirst),
    ].flat();
  },
});

export const columnKernels = {
  /** Σ x of each column. */
  columnSums: overColumns({ results: 1, sources: 1, terms: ([x]) => [x] }),
  /** Σ dy·(x − μ)·r and Σ dy, the gradients of layer normalisation by scale and bias; sources dy and x. */
  normSums: overColumns({
    results: 2,
    sources: 2,
    terms: ([dy, x], mean, inverse) => [f32x4.mul(dy, f32x4.mul(f32x4.sub(x, mean), inverse)), dy],
  }),
};
