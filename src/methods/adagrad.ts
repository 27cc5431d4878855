import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import {
  type SumOfSquaresOptions,
  scaleBySumOfSquares,
  sumOfSquaresOptions,
} from '../transforms/scale-by-sum-of-squares.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface AdagradOptions extends SumOfSquaresOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const adagradOptions: OptionsOf<AdagradOptions> = { learningRate: rate(0.01), ...sumOfSquaresOptions };

/**
 * Adagrad: s ← s + ∇f(x)², x⁺ = x − η∇f(x)/(√s + ε).
 *
 * Source: Duchi, Hazan and Singer 2011, figure 1 (diagonal form).
 *
 * @example adagrad({ learningRate: 0.01 })
 */
export function adagrad(options: AdagradOptions = {}): Method {
  return method<AdagradOptions>('adagrad', adagradOptions, options, ({ learningRate: eta, ...sums }) => [
    scaleBySumOfSquares(sums),
    learningRate(eta),
  ]);
}
