import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { leaves, mapTree, type Tree, treeDot, zerosLike } from '../algebra/tree.js';
import { describeRate, rateAt, rate as rateOption } from './rate.js';
import type { Schedule } from './schedule.js';
import type { Context, MeasureDescription, Step, Transform } from './transform.js';

export interface DistanceOptions {
  /** γ, a factor on the estimated rate; a schedule falls from 1. */
  rate?: number | Schedule;
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the mean square, in [0, 1); that of the distance is √β₂. */
  beta2?: number;
  /** ε ≥ 0, added beside the root. With 0, a coordinate whose gradients were all 0 is 0/0. */
  epsilon?: number;
  /** d₀ > 0, the first estimate of the distance: anything far too small. */
  initial?: number;
}

export const distanceOptions: OptionsOf<DistanceOptions> = {
  rate: rateOption(1),
  beta1: number(0.9, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.999, '[0, 1)', 'β₂, the memory of the mean square'),
  epsilon: number(1e-8, '[0, ∞)', 'ε, added beside the root'),
  initial: number(1e-6, '(0, ∞)', 'd₀, the first estimate of the distance'),
};

const measures: readonly MeasureDescription[] = [
  { name: 'distance', kind: 'number', meaning: 'd, the estimate of ‖x₀ − x*‖∞ that scales the step' },
];

/**
 * Prodigy's step: Adam whose rate is an estimate d of ‖x₀ − x*‖∞ that only grows. With β₃ = √β₂,
 *
 *     m ← β₁m + (1 − β₁)d·u,          v ← β₂v + (1 − β₂)d²u²,
 *     r ← β₃r + (1 − β₃)γd²⟨u, x₀ − x⟩,   s ← β₃s + (1 − β₃)γd²u,
 *     x⁺ = x − γd·m/(√v + dε),        d ← max(d, r/‖s‖₁).
 *
 * For convex f without noise r/‖s‖₁ never exceeds ‖x₀ − x*‖∞. f → cf changes nothing but for ε. It stands in the
 * place of the learning rate; there is no bias correction, as in the source. Measures d, as `distance`.
 *
 * State: `count`; `distance`, 0-d, never read on the host; `numerator`, 0-d; `start`, `mean`, `square` and
 * `weighted` (s), trees like the parameters. All are kept in units of d₀, so that float32 does not underflow.
 * Source: Mishchenko and Defazio 2023, algorithm 4.
 *
 * @throws RangeError on a value outside its interval
 * @example scaleByDistance({ rate: cosine({ from: 1, steps: 1_000 }) })
 */
export function scaleByDistance(options: DistanceOptions = {}): Transform {
  const { rate, beta1, beta2, epsilon, initial } = chosen('scaleByDistance', distanceOptions, options);
  const beta3 = Math.sqrt(beta2);
  return {
    name: 'scaleByDistance',
    options: { rate: describeRate(rate), beta1, beta2, epsilon, initial },
    measures,
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      distance: algebra.fill([], 1),
      numerator: algebra.fill([], 0),
      start: mapTree(algebra, (x) => algebra.copy(x), parameters),
      mean: zerosLike(algebra, parameters),
      square: zerosLike(algebra, parameters),
      weighted: zerosLike(algebra, parameters),
    }),
    update<T>({ algebra, update, parameters }: Context<T>, state: DistanceState<T>): Step<T> {
      const gamma = rateAt(rate, state.count);
      const { distance, start } = state;
      const { combine, mul } = algebra;
      const scaled = mapTree(algebra, (u) => mul(u, distance), update);
      const mean = mapTree(algebra, (m, u) => combine(beta1, m, 1 - beta1, u), state.mean, scaled);
      const square = mapTree(
        algebra,
        (v, u) => combine(beta2, v, 1 - beta2, algebra.square(u)),
        state.square,
        scaled,
      );
      const least = mul(distance, epsilon);
      const estimated = mul(distance, initial);
      const length = mul(estimated, -gamma);
      const step = (m: T, v: T) => mul(algebra.div(m, algebra.add(algebra.sqrt(v), least)), length);

      // In units of d₀: r and s both carry d₀², so that their quotient is the distance itself.
      const travelled = mapTree(algebra, (x0, x) => algebra.sub(x0, x), start, parameters);
      const along = mul(treeDot(algebra, scaled, travelled), distance);
      const share = (1 - beta3) * gamma;
      const numerator = combine(beta3, state.numerator, share, along);
      const weighted = mapTree(
        algebra,
        (s, u) => combine(beta3, s, share, mul(u, distance)),
        state.weighted,
        scaled,
      );
      const size = leaves(algebra, weighted)
        .map((leaf) => algebra.sum(algebra.abs(leaf)))
        .reduce((total, one) => algebra.add(total, one), algebra.fill([], 0));
      // Where nothing was seen yet, 0/0 is to be 0; a NaN goes on, as it would not through a branch.
      const seen = algebra.sign(size);
      const divisor = mul(algebra.add(size, algebra.sub(algebra.fill([], 1), seen)), initial);
      const estimate = mul(algebra.div(numerator, divisor), seen);
      return {
        update: mapTree(algebra, step, mean, square),
        state: {
          count: state.count + 1,
          distance: algebra.max(distance, estimate),
          numerator,
          start,
          mean,
          square,
          weighted,
        },
        measures: { distance: estimated },
      };
    },
  };
}

type DistanceState<T> = {
  count: number;
  distance: T;
  numerator: T;
  start: Tree<T>;
  mean: Tree<T>;
  square: Tree<T>;
  weighted: Tree<T>;
};
