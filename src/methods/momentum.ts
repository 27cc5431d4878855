import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { momentum as heavyBall, momentumOptions as heavyBallOptions } from '../transforms/momentum.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface MomentumOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** β in [0, 1); 0 is gradient descent. */
  beta?: number;
}

export const momentumOptions: OptionsOf<MomentumOptions> = { learningRate: rate(0.01), ...heavyBallOptions };

/**
 * Heavy ball: v ← βv + ∇f(x), x⁺ = x − ηv.
 *
 * Source: Polyak 1964, equation 9.
 *
 * @example momentum({ learningRate: 0.01, beta: 0.9 })
 */
export function momentum(options: MomentumOptions = {}): Method {
  return method<MomentumOptions>('momentum', momentumOptions, options, ({ learningRate: eta, beta }) => [
    heavyBall(beta),
    learningRate(eta),
  ]);
}
