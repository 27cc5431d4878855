import { learningRate } from '../transforms/learning-rate.js';
import { newton as newtonDirection } from '../transforms/newton.js';
import { type OptionsOf, rate } from '../transforms/option.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface NewtonOptions {
  /** η, default 1. */
  learningRate?: number | Schedule;
}

export const newtonOptions: OptionsOf<NewtonOptions> = { learningRate: rate(1) };

/**
 * Newton's method, undamped: x⁺ = x − ηH⁻¹∇f(x). For small problems that know their Hessian; it goes to the
 * nearest stationary point, whatever it is.
 *
 * Source: Nocedal and Wright 2006, equation 2.15.
 *
 * @example newton({ learningRate: 1 })
 */
export function newton(options: NewtonOptions = {}): Method {
  return method<NewtonOptions>('newton', newtonOptions, options, ({ learningRate: eta }) => [
    newtonDirection(),
    learningRate(eta),
  ]);
}
