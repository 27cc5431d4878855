import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import { type MomentsOptions, momentsOptions, scaleByMoments } from '../transforms/scale-by-moments.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface AdamOptions extends MomentsOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const adamOptions: OptionsOf<AdamOptions> = { learningRate: rate(0.001), ...momentsOptions };

/**
 * Adam: x⁺ = x − η·m̂/(√v̂ + ε), with bias-corrected running means m̂ of the gradient and v̂ of its square.
 *
 * With `exponent: 1` it divides by v̂ itself: a natural gradient under the diagonal empirical Fisher matrix.
 * Source: Kingma and Ba 2015, algorithm 1.
 *
 * @example adam({ learningRate: 0.001 })
 */
export function adam(options: AdamOptions = {}): Method {
  return method<AdamOptions>('adam', adamOptions, options, ({ learningRate: eta, ...moments }) => [
    scaleByMoments(moments),
    learningRate(eta),
  ]);
}
