import { number, type OptionsOf } from '../algebra/option.js';
import { proximalStep } from '../transforms/proximal-step.js';
import { rate } from '../transforms/rate.js';
import {
  type NesterovMomentsOptions,
  nesterovMomentsOptions,
  scaleByNesterovMoments,
} from '../transforms/scale-by-nesterov-moments.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface AdanOptions extends NesterovMomentsOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** λ ≥ 0: each step ends by a division by 1 + ηλ. */
  weightDecay?: number;
}

export const adanOptions: OptionsOf<AdanOptions> = {
  learningRate: rate(0.003),
  ...nesterovMomentsOptions,
  weightDecay: number(0, '[0, ∞)', 'λ, the strength of the decay'),
};

/**
 * Adan: Nesterov's look-ahead by differences of gradients, scaled as in Adam:
 * x⁺ = (x − η(m̂ + β₂v̂)/(√n̂ + ε))/(1 + ηλ).
 *
 * Source: Xie et al. 2022, algorithm 1.
 *
 * @example adan({ learningRate: 0.003, weightDecay: 0.02 })
 */
export function adan(options: AdanOptions = {}): Method {
  return method<AdanOptions>(
    'adan',
    adanOptions,
    options,
    ({ learningRate: eta, weightDecay: decay, ...moments }) => [
      scaleByNesterovMoments(moments),
      proximalStep({ rate: eta, decay }),
    ],
  );
}
