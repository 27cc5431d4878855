import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import {
  type MeanSquareOptions,
  meanSquareOptions,
  scaleByMeanSquare,
} from '../transforms/scale-by-mean-square.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface RmspropOptions extends Omit<MeanSquareOptions, 'corrected'> {
  /** η. */
  learningRate?: number | Schedule;
}

const { beta, epsilon, epsilonPlace } = meanSquareOptions;

export const rmspropOptions: OptionsOf<RmspropOptions> = {
  learningRate: rate(0.001),
  beta,
  epsilon,
  epsilonPlace,
};

/**
 * RMSProp: v ← βv + (1 − β)∇f(x)², x⁺ = x − η∇f(x)/(√v + ε).
 *
 * Source: Tieleman and Hinton 2012, lecture 6.5.
 *
 * @example rmsprop({ learningRate: 0.001, beta: 0.99 })
 */
export function rmsprop(options: RmspropOptions = {}): Method {
  return method<RmspropOptions>('rmsprop', rmspropOptions, options, ({ learningRate: eta, ...square }) => [
    scaleByMeanSquare(square),
    learningRate(eta),
  ]);
}
