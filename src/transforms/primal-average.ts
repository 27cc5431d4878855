import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, numberOr, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree } from '../algebra/tree.js';
import { describeRate, rateAt, rateMeasures, rate as rateOption } from './rate.js';
import type { Schedule } from './schedule.js';
import type { Context, Step, Transform } from './transform.js';

export interface PrimalAverageOptions {
  /** γ. */
  rate?: number | Schedule;
  /** μₓ in [0, 1], or 'rates' (default): all fast points so far, weighed by the square of the largest rate yet. */
  memory?: number | 'rates';
  /** μ_y in [0, 1]: how near to the average the gradient is taken. */
  lookahead?: number;
}

const primalAverageOptions: OptionsOf<PrimalAverageOptions> = {
  rate: rateOption(0.001),
  memory: numberOr('rates', '[0, 1]', 'rates', 'μₓ, the memory of the average'),
  lookahead: number(0.9, '[0, 1]', 'μ_y, how near to the average the gradient is taken'),
};

/**
 * Descends with one sequence and averages it in another, the gradient taken between the two:
 *
 *     y = μ_y·x + (1 − μ_y)·z,   z⁺ = z − γu(y),   x⁺ = μₓ·x + (1 − μₓ)·z⁺.
 *
 * It stands in the place of the learning rate. **The parameters a loop holds, and at which it takes the gradient,
 * are the y.** What is to be evaluated, and kept, is the average x: see {@link averagedParameters}.
 *
 * `memory: 'rates'` is Schedule-Free: x is the mean of all z⁺ so far, each weighed by γ_max², the largest rate up to
 * then; for a constant rate, μₓ = 1 − 1/t. With constant (μₓ, μ_y) and γ = η/(1 − β), (β, 1) is heavy ball and
 * (β, β) Nesterov's method.
 *
 * A scheduled rate is measured, as `rate`.
 *
 * State: `count`, `longest` and `total` of the weights, and `fast` (z) and `average` (x), trees like the parameters.
 * Source: Defazio et al. 2024, equations 3–5; primal averaging, Defazio 2020.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(weightDecay(0.01), primalAverage({ rate: 0.1 })) // Schedule-Free SGD
 */
export function primalAverage(options: PrimalAverageOptions = {}): Transform {
  const { rate, memory, lookahead } = chosen('primalAverage', primalAverageOptions, options);
  return {
    name: 'primalAverage',
    options: { rate: describeRate(rate), memory, lookahead },
    ...(typeof rate !== 'number' && { measures: rateMeasures }),
    init<T>(parameters: Tree<T>, algebra: Algebra<T>) {
      const copy = () => mapTree(algebra, (x) => algebra.copy(x), parameters);
      return { count: 0, longest: 0, total: 0, fast: copy(), average: copy() };
    },
    update<T>({ algebra, update, parameters }: Context<T>, state: PrimalAverageState<T>): Step<T> {
      const gamma = rateAt(rate, state.count);
      const longest = Math.max(state.longest, gamma);
      const total = state.total + longest ** 2;
      const kept = memory === 'rates' ? state.total / (total || 1) : memory;
      const { combine } = algebra;
      const fast = mapTree(algebra, (z, u) => combine(1, z, -gamma, u), state.fast, update);
      const average = mapTree(algebra, (x, z) => combine(kept, x, 1 - kept, z), state.average, fast);
      const ahead = (x: T, z: T, y: T) => algebra.sub(combine(lookahead, x, 1 - lookahead, z), y);
      return {
        update: mapTree(algebra, ahead, average, fast, parameters),
        state: { count: state.count + 1, longest, total, fast, average },
        ...(typeof rate !== 'number' && { measures: { rate: gamma } }),
      };
    },
  };
}

type PrimalAverageState<T> = {
  count: number;
  longest: number;
  total: number;
  fast: Tree<T>;
  average: Tree<T>;
};
