import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { newton as newtonDirection } from '../transforms/newton.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface NewtonOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const newtonOptions: OptionsOf<NewtonOptions> = { learningRate: rate(1) };

/**
 * Newton's method, undamped: x⁺ = x − ηH⁻¹∇f(x). For small problems that know their Hessian; it goes to the
 * nearest stationary point, whatever it is. A singular Hessian ends the run by an outcome.
 *
 * With a search in place of the rate it is `lineSearchNewton`.
 * Source: Nocedal and Wright 2006, equation 2.15.
 *
 * @example minimize(booth(), [9, 8], asSolver(newton()))
 */
export function newton(options: NewtonOptions = {}): Method {
  return method<NewtonOptions>('newton', newtonOptions, options, ({ learningRate: eta }) => [
    newtonDirection(),
    learningRate(eta),
  ]);
}
