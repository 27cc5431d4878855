import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import { type BeliefOptions, beliefOptions, scaleByBelief } from '../transforms/scale-by-belief.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface AdabeliefOptions extends BeliefOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const adabeliefOptions: OptionsOf<AdabeliefOptions> = { learningRate: rate(0.001), ...beliefOptions };

/**
 * AdaBelief: x⁺ = x − η·m̂/(√ŝ + ε), with ŝ the running mean of the squared difference between the gradient and
 * its own running mean.
 *
 * Source: Zhuang et al. 2020, algorithm 2.
 *
 * @example adabelief({ learningRate: 0.001 })
 */
export function adabelief(options: AdabeliefOptions = {}): Method {
  return method<AdabeliefOptions>(
    'adabelief',
    adabeliefOptions,
    options,
    ({ learningRate: eta, ...belief }) => [scaleByBelief(belief), learningRate(eta)],
  );
}
