import { number, type OptionsOf } from '../algebra/option.js';
import { chain } from '../transforms/chain.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import { type MomentsOptions, momentsOptions, scaleByMoments } from '../transforms/scale-by-moments.js';
import type { Schedule } from '../transforms/schedule.js';
import type { Selection } from '../transforms/selection.js';
import { selection } from '../transforms/selection.js';
import { trustRatio } from '../transforms/trust-ratio.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';
import { onSelected } from './on-selected.js';

export interface LambOptions extends Omit<MomentsOptions, 'exponent' | 'epsilonPlace'> {
  /** η: the length of a leaf's step relative to its weights. */
  learningRate?: number | Schedule;
  /** λ ≥ 0. */
  weightDecay?: number;
  /** Which parameters decay and are scaled; biases and norms usually should not. */
  scaled?: Selection;
}

const { beta1, beta2 } = momentsOptions;

export const lambOptions: OptionsOf<LambOptions> = {
  learningRate: rate(0.001),
  beta1,
  beta2,
  epsilon: number(1e-6, '[0, ∞)', 'ε, added beside the root'),
  weightDecay: number(0.01, '[0, ∞)', 'λ, the strength of the decay'),
  scaled: selection('which parameters decay and are scaled'),
};

/**
 * LAMB: Adam's direction with decay, leaf by leaf as long as the weights: u = m̂/(√v̂ + ε) + λx,
 * x⁺ = x − η·u·‖x‖/‖u‖.
 *
 * Source: You et al. 2020, algorithm 2 with φ(z) = z.
 *
 * @example lamb({ learningRate: 0.01, scaled: (path) => path.endsWith('kernel') })
 */
export function lamb(options: LambOptions = {}): Method {
  return method<LambOptions>(
    'lamb',
    lambOptions,
    options,
    ({ learningRate: eta, weightDecay: lambda, scaled, ...moments }) => [
      scaleByMoments(moments),
      onSelected(chain(weightDecay(lambda), trustRatio()), scaled),
      learningRate(eta),
    ],
  );
}
