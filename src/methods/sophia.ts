import { number, type OptionsOf } from '../algebra/option.js';
import {
  type CurvatureClipOptions,
  clipByCurvature,
  curvatureClipOptions,
} from '../transforms/clip-by-curvature.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';

export interface SophiaOptions extends CurvatureClipOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** λ, decoupled and multiplied by the rate. */
  weightDecay?: number;
}

export const sophiaOptions: OptionsOf<SophiaOptions> = {
  learningRate: rate(0.001),
  ...curvatureClipOptions,
  weightDecay: number(0, '[0, ∞)', 'λ, decoupled and multiplied by the rate'),
};

/**
 * Sophia: x⁺ = x − η(clip(m/max(γh, ε), −1, 1) + λx), with h a running diagonal of the curvature, seldom estimated.
 *
 * `estimator: 'hutchinson'` is Sophia-H, `'gaussNewtonBartlett'` Sophia-G. Published for language models:
 * weightDecay 0.1 to 0.2, γ 0.03 to 0.05 for Sophia-G.
 * Source: Liu et al. 2024, algorithm 3.
 *
 * @example sophia({ estimator: 'gaussNewtonBartlett', gamma: 0.05 })
 */
export function sophia(options: SophiaOptions = {}): Method {
  return method<SophiaOptions>(
    'sophia',
    sophiaOptions,
    options,
    ({ learningRate: eta, weightDecay: lambda, ...clip }) => [
      clipByCurvature(clip),
      ...(lambda > 0 ? [weightDecay(lambda)] : []),
      learningRate(eta),
    ],
  );
}
