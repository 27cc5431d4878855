import { number, type OptionsOf } from '../algebra/option.js';
import { chain } from '../transforms/chain.js';
import { learningRate } from '../transforms/learning-rate.js';
import { momentum, momentumOptions } from '../transforms/momentum.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import type { Selection } from '../transforms/selection.js';
import { selection } from '../transforms/selection.js';
import { trustRatio } from '../transforms/trust-ratio.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';
import { onSelected } from './on-selected.js';

export interface LarsOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** β in [0, 1). */
  beta?: number;
  /** λ ≥ 0. */
  weightDecay?: number;
  /** c > 0: the length of a leaf's step, before η, relative to its weights. */
  coefficient?: number;
  /** Which parameters decay and are scaled; biases and norms usually should not. */
  scaled?: Selection;
}

export const larsOptions: OptionsOf<LarsOptions> = {
  learningRate: rate(1),
  ...momentumOptions,
  weightDecay: number(1e-4, '[0, ∞)', 'λ, the strength of the decay'),
  coefficient: number(0.001, '(0, ∞)', 'c, the length of a step relative to the weights'),
  scaled: selection('which parameters decay and are scaled'),
};

/**
 * LARS: momentum over gradients that are, leaf by leaf, scaled to the weights: with u = ∇f(x) + λx,
 * v ← βv + u·c‖x‖/‖u‖, x⁺ = x − ηv.
 *
 * Source: You, Gitman and Ginsburg 2017, algorithm 1, with the norm of the sum below the fraction bar; η stands
 * behind the momentum, which for a constant η is the same.
 *
 * @example lars({ learningRate: 5, scaled: (path) => path.endsWith('kernel') })
 */
export function lars(options: LarsOptions = {}): Method {
  return method<LarsOptions>(
    'lars',
    larsOptions,
    options,
    ({ learningRate: eta, beta, weightDecay: lambda, coefficient, scaled }) => [
      onSelected(chain(weightDecay(lambda), trustRatio({ coefficient })), scaled),
      momentum(beta),
      learningRate(eta),
    ],
  );
}
