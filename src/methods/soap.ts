import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import {
  type RotatedMomentsOptions,
  rotatedMomentsOptions,
  scaleByRotatedMoments,
} from '../transforms/scale-by-rotated-moments.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface SoapOptions extends RotatedMomentsOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const soapOptions: OptionsOf<SoapOptions> = { learningRate: rate(0.003), ...rotatedMomentsOptions };

/**
 * SOAP: Adam in the slowly renewed eigenbases of Shampoo's factors, so that W⁺ = W − η·Q_L(m̂/(√v̂ + ε))Q_Rᵀ.
 *
 * The first step is left out: the first gradient only makes the bases.
 * Source: Vyas et al. 2024, algorithm 3, whose rates and memories stand here.
 *
 * @example soap({ learningRate: 0.003, every: 10 })
 */
export function soap(options: SoapOptions = {}): Method {
  return method<SoapOptions>('soap', soapOptions, options, ({ learningRate: eta, ...moments }) => [
    scaleByRotatedMoments(moments),
    learningRate(eta),
  ]);
}
