import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { nesterov as accelerated, nesterovOptions as acceleratedOptions } from '../transforms/nesterov.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface NesterovOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** β in [0, 1), or 'sequence' for β_k = (k − 1)/(k + 2), the choice for convex f. */
  beta?: number | 'sequence';
}

export const nesterovOptions: OptionsOf<NesterovOptions> = {
  learningRate: rate(0.01),
  ...acceleratedOptions,
};

/**
 * Nesterov's accelerated gradient, in the look-ahead points y: v ← βv + ∇f(y), y⁺ = y − η(∇f(y) + βv).
 *
 * Source: Nesterov 1983; the transform of the same name tells which point is which.
 *
 * @example nesterov({ learningRate: 0.01, beta: 'sequence' })
 */
export function nesterov(options: NesterovOptions = {}): Method {
  return method<NesterovOptions>('nesterov', nesterovOptions, options, ({ learningRate: eta, beta }) => [
    accelerated(beta),
    learningRate(eta),
  ]);
}
