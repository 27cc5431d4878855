import { number, type OptionsOf } from '../algebra/option.js';
import { primalAverage } from '../transforms/primal-average.js';
import { rate } from '../transforms/rate.js';
import { scaleByMeanSquare } from '../transforms/scale-by-mean-square.js';
import type { Schedule } from '../transforms/schedule.js';
import { selection } from '../transforms/selection.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';
import { onSelected } from './on-selected.js';
import type { ScheduleFreeSgdOptions } from './schedule-free-sgd.js';

export interface ScheduleFreeAdamwOptions extends ScheduleFreeSgdOptions {
  /** γ; a schedule should only climb, as in a warm-up. */
  learningRate?: number | Schedule;
  /** β₁ in [0, 1]: how near to the average the gradient is taken. */
  beta?: number;
  /** β₂, the memory of the mean square, in [0, 1). */
  beta2?: number;
  /** ε ≥ 0, added beside the root. With 0, a coordinate whose gradients were all 0 is 0/0. */
  epsilon?: number;
}

export const scheduleFreeAdamwOptions: OptionsOf<ScheduleFreeAdamwOptions> = {
  learningRate: rate(0.01),
  beta: number(0.9, '[0, 1]', 'β₁, how near to the average the gradient is taken'),
  beta2: number(0.999, '[0, 1)', 'β₂, the memory of the mean square'),
  epsilon: number(1e-8, '[0, ∞)', 'ε, added beside the root'),
  weightDecay: number(0, '[0, ∞)', 'λ, the strength of the decay'),
  decayed: selection('which parameters decay'),
};

/**
 * Schedule-Free AdamW: y = (1 − β)z + βx, z⁺ = z − γ(∇f(y)/(√v̂ + ε) + λy), and x the mean of the z, each weighed by
 * γ_max². The average stands for the momentum.
 *
 * **The parameters that training holds are the y; evaluate, and keep, the average x**:
 * `evaluate({ every, of: 'average' })`, {@link averagedParameters}. Races do so.
 * Source: Defazio et al. 2024, algorithm 1.
 *
 * @example scheduleFreeAdamw({ learningRate: linearWarmup({ steps: 100, schedule: constant(0.01) }) })
 */
export function scheduleFreeAdamw(options: ScheduleFreeAdamwOptions = {}): Method {
  return method<ScheduleFreeAdamwOptions>(
    'scheduleFreeAdamw',
    scheduleFreeAdamwOptions,
    options,
    ({ learningRate: gamma, beta, beta2, epsilon, weightDecay: lambda, decayed }) => [
      scaleByMeanSquare({ beta: beta2, epsilon, corrected: true }),
      onSelected(weightDecay(lambda), decayed),
      primalAverage({ rate: gamma, lookahead: beta }),
    ],
  );
}
