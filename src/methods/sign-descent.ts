import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { sign } from '../transforms/sign.js';
import { type Method, method } from './method.js';

export interface SignDescentOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const signDescentOptions: OptionsOf<SignDescentOptions> = { learningRate: rate(0.001) };

/**
 * Sign descent: x⁺ = x − η·sign(∇f(x)).
 *
 * Source: Bernstein et al. 2018, algorithm 1 (signSGD).
 *
 * @example signDescent({ learningRate: 0.001 })
 */
export function signDescent(options: SignDescentOptions = {}): Method {
  return method<SignDescentOptions>('signDescent', signDescentOptions, options, ({ learningRate: eta }) => [
    sign(),
    learningRate(eta),
  ]);
}
