import { norm } from '../subjects/point.js';
import { identity } from './dense/matrices.js';
import { jacobiRoot } from './inverse-root.js';
import { blocksOf, gramOf, kronecker, type LeafMethod, leafSubject, type Places } from './kronecker.js';
import { option } from './naive.js';

interface LeafState {
  readonly shape: readonly number[];
  readonly mean: readonly number[];
  readonly square: readonly number[];
  /** For each block, a matrix an axis, or a vector's squares. */
  readonly statistics: readonly (readonly Float64Array[])[];
  readonly roots: readonly (readonly Float64Array[])[];
}

/** What mistakes are made in. */
export interface ShampooRules {
  /** The power of a side's factor. */
  power(order: number, shape: readonly number[]): number;
  sign: number;
  /** Over what the grafted length is taken. */
  graftOver: 'block' | 'leaf';
  /** The roots before the first renewal. */
  first(n: number): Float64Array;
  renews(t: number, start: number, every: number): boolean;
  root(matrix: Float64Array, n: number, power: number, ridge: number): Float64Array;
  gram(g: readonly number[], sides: readonly number[], axis: number): Float64Array;
  correction(beta2: number, t: number): number;
  /** The weight of a new Gram matrix beside β₂ of the old. */
  share(beta2: number): number;
  /** What is taken before `start`. */
  early(like: readonly number[], filtered: readonly number[]): readonly number[];
}

export const shampooRules: ShampooRules = {
  power: (order) => 1 / (2 * order),
  sign: -1,
  graftOver: 'block',
  first: identity,
  renews: (t, start, every) => t >= start && (t - start) % every === 0,
  root: jacobiRoot,
  gram: gramOf,
  correction: (beta2, t) => 1 - beta2 ** t,
  share: (beta2) => 1 - beta2,
  early: (like) => like,
};

/** Shampoo with the whole Kronecker product for each block (Gupta, Koren and Singer 2018; Anil et al. 2020). */
export function naiveShampoo(
  options: Record<string, unknown>,
  changed: Partial<ShampooRules> = {},
): LeafMethod<LeafState> {
  const rules = { ...shampooRules, ...changed };
  const eta = option(options, 'learningRate', 0.003);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option<number>(options, 'beta2', 0.999);
  const epsilon = option(options, 'epsilon', 1e-6);
  const every = option(options, 'every', 10);
  const start = option(options, 'start', 1);
  const longest = option(options, 'block', 256);
  const graft = option<string>(options, 'graft', 'adam');
  const kl = option<string>(options, 'statistics', 'gram') === 'kl';
  const asMatrix = option<string>(options, 'vectors', 'diagonal') === 'matrix';
  const places = (shape: readonly number[]) => (shape.includes(0) ? [] : blocksOf(shape, longest));
  const isDiagonal = ({ sides }: Places) => sides.length === 1 && !asMatrix;

  return {
    start: (shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return {
        shape,
        mean: Array(size).fill(0),
        square: Array(size).fill(0),
        statistics: places(shape).map((block) =>
          block.sides.map((n) => new Float64Array(isDiagonal(block) ? n : n * n)),
        ),
        roots: places(shape).map(({ sides }) => sides.map(rules.first)),
      };
    },
    step({ shape, ...before }, g, t) {
      const mean = before.mean.map((m, i) => beta1 * m + (1 - beta1) * g[i]);
      const filtered = mean.map((m) => m / (1 - beta1 ** t));
      const summed = graft === 'adagrad' || beta2 === 1;
      const square = before.square.map((v, i) =>
        summed ? v + g[i] * g[i] : beta2 * v + (1 - beta2) * g[i] * g[i],
      );
      const corrected = (v: number) => (graft === 'adagrad' ? v : beta2 === 1 ? v / t : v / (1 - beta2 ** t));
      const like = filtered.map((m, i) =>
        graft === 'adagrad' || graft === 'adam' ? m / (Math.sqrt(corrected(square[i])) + 1e-8) : m,
      );
      const correction = beta2 === 1 ? 1 : rules.correction(beta2, t);
      const statistics: Float64Array[][] = [];
      const roots: (readonly Float64Array[])[] = [];
      const made = [...(t < start ? rules.early(like, filtered) : like)];
      places(shape).forEach((block, b) => {
        const { sides, at } = block;
        const own = at.map((k) => g[k]);
        statistics.push(
          before.statistics[b].map((old, axis) => {
            let added: ArrayLike<number> = own.map((x) => x * x);
            if (!isDiagonal(block)) {
              const others = before.roots[b].map((r, k) => (k === axis ? identity(sides[k]) : r));
              const scale = kl ? own.length / sides[axis] : 1;
              added = rules.gram(kl ? kronecker(others, own, sides) : own, sides, axis).map((x) => x / scale);
            }
            return old.map((a, i) =>
              beta2 === 1 ? a + added[i] : beta2 * a + rules.share(beta2) * added[i],
            );
          }),
        );
        const power = kl ? 1 / 2 : rules.power(sides.length, shape);
        roots.push(
          rules.renews(t, start, every) && !isDiagonal(block)
            ? sides.map((n, axis) => {
                return rules.root(
                  statistics[b][axis].map((a) => a / correction),
                  n,
                  power,
                  epsilon,
                );
              })
            : before.roots[b],
        );
        if (t < start) return;
        const m = at.map((k) => filtered[k]);
        const direction = isDiagonal(block)
          ? m.map((x, i) => x / (Math.sqrt(statistics[b][0][i] / correction) + epsilon))
          : kronecker(roots[b], m, sides);
        const target = norm(at.map((k) => like[k]));
        const own2 = norm(direction);
        const factor = graft === 'none' || rules.graftOver === 'leaf' ? 1 : own2 === 0 ? 0 : target / own2;
        at.forEach((k, i) => {
          made[k] = direction[i] * factor;
        });
      });
      if (t >= start && graft !== 'none' && rules.graftOver === 'leaf') {
        const factor = norm(like) / (norm(made) || 1);
        for (let k = 0; k < made.length; k++) made[k] *= factor;
      }
      return {
        update: made.map((d) => rules.sign * eta * d),
        state: { shape, mean, square, statistics, roots },
      };
    },
  };
}

export const shampooOracle = leafSubject('shampoo', (options) => naiveShampoo(options));
