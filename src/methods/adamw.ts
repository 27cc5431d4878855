import { number, type OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import { type MomentsOptions, momentsOptions, scaleByMoments } from '../transforms/scale-by-moments.js';
import type { Schedule } from '../transforms/schedule.js';
import type { Selection } from '../transforms/selection.js';
import { selection } from '../transforms/selection.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';
import { onSelected } from './on-selected.js';

export interface AdamwOptions extends MomentsOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** λ ≥ 0. */
  weightDecay?: number;
  /** Which parameters decay; biases and norms usually should not. */
  decayed?: Selection;
}

export const adamwOptions: OptionsOf<AdamwOptions> = {
  learningRate: rate(0.001),
  ...momentsOptions,
  weightDecay: number(0.01, '[0, ∞)', 'λ, the strength of the decay'),
  decayed: selection('which parameters decay'),
};

/**
 * Adam with decoupled weight decay: x⁺ = x − η(m̂/(√v̂ + ε) + λx).
 *
 * Without gradients the parameters shrink by 1 − ηλ a step, whatever the moments hold.
 * Source: Loshchilov and Hutter 2019, algorithm 2 (there ηλ is the product of a schedule and λ).
 *
 * @example adamw({ learningRate: 0.001, decayed: (path) => path.endsWith('kernel') })
 */
export function adamw(options: AdamwOptions = {}): Method {
  return method<AdamwOptions>(
    'adamw',
    adamwOptions,
    options,
    ({ learningRate: eta, weightDecay: lambda, decayed, ...moments }) => [
      scaleByMoments(moments),
      onSelected(weightDecay(lambda), decayed),
      learningRate(eta),
    ],
  );
}
