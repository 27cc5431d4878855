import { number, type OptionsOf } from '../algebra/option.js';
import {
  type InterpolatedMomentumOptions,
  interpolatedMomentum,
  interpolatedMomentumOptions,
} from '../transforms/interpolated-momentum.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Selection, selection } from '../transforms/selection.js';
import { sign } from '../transforms/sign.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';
import { onSelected } from './on-selected.js';

export interface LionOptions extends InterpolatedMomentumOptions {
  /** η: every entry moves by exactly this. */
  learningRate?: number | Schedule;
  /** λ ≥ 0. */
  weightDecay?: number;
  /** Which parameters decay; biases and norms usually should not. */
  decayed?: Selection;
}

export const lionOptions: OptionsOf<LionOptions> = {
  learningRate: rate(0.0006),
  ...interpolatedMomentumOptions,
  weightDecay: number(0, '[0, ∞)', 'λ, the strength of the decay'),
  decayed: selection('which parameters decay'),
};

/**
 * Lion: x⁺ = x − η(sign(β₁m + (1 − β₁)∇f(x)) + λx), m ← β₂m + (1 − β₂)∇f(x).
 *
 * As its steps are longer than Adam's, η wants to be 3 to 10 times smaller and λ as much larger.
 * Source: Chen et al. 2023, algorithm 2; published with η = 0.0001.
 *
 * @example lion({ learningRate: 0.0001, weightDecay: 0.1 })
 */
export function lion(options: LionOptions = {}): Method {
  return method<LionOptions>(
    'lion',
    lionOptions,
    options,
    ({ learningRate: eta, weightDecay: lambda, decayed, ...means }) => [
      interpolatedMomentum(means),
      sign(),
      onSelected(weightDecay(lambda), decayed),
      learningRate(eta),
    ],
  );
}
