import { number, type OptionsOf } from '../algebra/option.js';
import { primalAverage } from '../transforms/primal-average.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Selection, selection } from '../transforms/selection.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';
import { onSelected } from './on-selected.js';

export interface ScheduleFreeSgdOptions {
  /** γ; a schedule should only climb, as in a warm-up. */
  learningRate?: number | Schedule;
  /** β in [0, 1]: how near to the average the gradient is taken. */
  beta?: number;
  /** λ ≥ 0. */
  weightDecay?: number;
  /** Which parameters decay; biases and norms usually should not. */
  decayed?: Selection;
}

export const scheduleFreeSgdOptions: OptionsOf<ScheduleFreeSgdOptions> = {
  learningRate: rate(0.5),
  beta: number(0.9, '[0, 1]', 'β, how near to the average the gradient is taken'),
  weightDecay: number(0, '[0, ∞)', 'λ, the strength of the decay'),
  decayed: selection('which parameters decay'),
};

/**
 * Schedule-Free SGD: y = (1 − β)z + βx, z⁺ = z − γ(∇f(y) + λy), and x the mean of the z, each weighed by γ_max².
 *
 * No decay of the rate is needed, nor its end known. **The parameters that training holds are the y; evaluate, and
 * keep, the average x**: `evaluate({ every, of: 'average' })`, {@link averagedParameters}. Races do so.
 * Source: Defazio et al. 2024, equations 3–5.
 *
 * @example scheduleFreeSgd({ learningRate: linearWarmup({ steps: 100, schedule: constant(0.5) }) })
 */
export function scheduleFreeSgd(options: ScheduleFreeSgdOptions = {}): Method {
  return method<ScheduleFreeSgdOptions>(
    'scheduleFreeSgd',
    scheduleFreeSgdOptions,
    options,
    ({ learningRate: gamma, beta, weightDecay: lambda, decayed }) => [
      onSelected(weightDecay(lambda), decayed),
      primalAverage({ rate: gamma, lookahead: beta }),
    ],
  );
}
