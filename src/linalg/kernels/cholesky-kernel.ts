import {
  type Code,
  f64,
  f64x2,
  get,
  i32,
  loopWhile,
  repeatWhile,
  returned,
  set,
  step,
  type,
  when,
} from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { address } from './product-kernels.js';

const { i32: int, f64: real, v128: pair } = type;
const four = [0, 1, 2, 3];

/**
 * choleskyPanels(a, n): factors the lower triangle of a matrix in place, A = LLᵀ, tile by tile from the left.
 *
 * The matrix is packed by pack4 (row i, column j at a[⌊i/4⌋·4n + 4j + i mod 4]), n a multiple of 4. Every tile
 * is read once for each of the tiles to its right, and nothing is packed again.
 *
 * Returns the row of the first pivot that is not positive, or −1.
 */
export const choleskyPanels: FunctionCode = {
  parameters: [int, int],
  result: int,
  body(local) {
    const [a, n] = [0, 1];
    const [i, j, l, r, k, row, column, panel] = Array.from({ length: 8 }, () => local(int));
    const one = local(pair);
    const sums = Array.from({ length: 8 }, () => local(pair));
    const zero = local(pair);
    const inverses = four.map(() => local(pair));
    const diagonal = four.map((_, c) => Array.from({ length: 4 - c }, () => local(real)));
    const pivot = local(real);
    const entry = (at: number, c: number): number => diagonal[c][at - c];

    const subtractColumn = (c: number): Code[] => [
      set(one, f64x2.loadSplat(get(r), 8 * c)),
      ...[0, 1].map((half) =>
        set(
          sums[2 * c + half],
          f64x2.add(get(sums[2 * c + half]), f64x2.mul(f64x2.load(get(l), 16 * half), get(one))),
        ),
      ),
    ];
    const rest = (c: number, half: number): Code =>
      f64x2.sub(f64x2.load(get(l), 32 * c + 16 * half), get(sums[2 * c + half]));
    // Below the diagonal: X·Lᵀ = rest, column after column, L the diagonal tile at r.
    const solveColumn = (c: number): Code[] =>
      [0, 1].flatMap((half) => {
        const at = sums[2 * c + half];
        const minus = (b: number): Code =>
          f64x2.mul(get(sums[2 * b + half]), f64x2.loadSplat(get(r), 32 * b + 8 * c));
        return [
          set(at, rest(c, half)),
          ...four.slice(0, c).map((b) => set(at, f64x2.sub(get(at), minus(b)))),
          set(at, f64x2.mul(get(at), get(inverses[c]))),
          f64x2.store(get(l), get(at), 32 * c + 16 * half),
        ];
      });
    const factorColumn = (c: number): Code[] => [
      ...four.slice(c).map((at) => set(entry(at, c), f64x2.lane(rest(c, at >> 1), (at & 1) as 0 | 1))),
      ...four
        .slice(0, c)
        .flatMap((b) =>
          four
            .slice(c)
            .map((at) =>
              set(entry(at, c), f64.sub(get(entry(at, c)), f64.mul(get(entry(at, b)), get(entry(c, b))))),
            ),
        ),
      when(
        i32.eq(f64.greaterThan(get(entry(c, c)), f64.const(0)), i32.const(0)),
        returned(i32.add(get(column), i32.const(c))),
      ),
      set(entry(c, c), f64.sqrt(get(entry(c, c)))),
      set(pivot, f64.div(f64.const(1), get(entry(c, c)))),
      set(inverses[c], f64x2.splat(get(pivot))),
      ...four.slice(c + 1).map((at) => set(entry(at, c), f64.mul(get(entry(at, c)), get(pivot)))),
      ...four.slice(c).map((at) => f64.store(get(l), get(entry(at, c)), 32 * c + 8 * at)),
    ];
    return [
      set(a, address(get(a))),
      set(panel, i32.shl(get(n), i32.const(5))),
      set(j, get(a)),
      set(column, i32.const(0)),
      repeatWhile(
        i32.lessThan(get(column), get(n)),
        set(i, get(j)),
        set(row, get(column)),
        repeatWhile(
          i32.lessThan(get(row), get(n)),
          ...sums.map((sum) => set(sum, get(zero))),
          set(l, get(i)),
          set(r, get(j)),
          set(k, get(column)),
          loopWhile(
            get(k),
            ...four.flatMap(subtractColumn),
            step(l, i32.const(32)),
            step(r, i32.const(32)),
            step(k, i32.const(-1)),
          ),
          when(i32.eq(get(row), get(column)), ...four.flatMap(factorColumn)),
          when(i32.lessThan(get(column), get(row)), ...four.flatMap(solveColumn)),
          step(i, get(panel)),
          step(row, i32.const(4)),
        ),
        step(j, get(panel)),
        step(column, i32.const(4)),
      ),
      i32.const(-1),
    ].flat();
  },
};
