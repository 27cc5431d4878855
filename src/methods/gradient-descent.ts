import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface GradientDescentOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const gradientDescentOptions: OptionsOf<GradientDescentOptions> = { learningRate: rate(0.1) };

/**
 * Gradient descent: x⁺ = x − η∇f(x).
 *
 * Source: Cauchy 1847. With η = 1/L on an L-smooth f it never ascends.
 *
 * @example gradientDescent({ learningRate: 0.1 })
 */
export function gradientDescent(options: GradientDescentOptions = {}): Method {
  return method('gradientDescent', gradientDescentOptions, options, ({ learningRate: eta }) => [
    learningRate(eta),
  ]);
}
