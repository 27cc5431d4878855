import { number, type OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import {
  type CurvatureSquareOptions,
  curvatureSquareOptions,
  scaleByCurvatureSquare,
} from '../transforms/scale-by-curvature-square.js';
import type { Schedule } from '../transforms/schedule.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';

export interface AdahessianOptions extends CurvatureSquareOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** λ, decoupled and multiplied by the rate. */
  weightDecay?: number;
}

export const adahessianOptions: OptionsOf<AdahessianOptions> = {
  learningRate: rate(0.15),
  ...curvatureSquareOptions,
  weightDecay: number(0, '[0, ∞)', 'λ, decoupled and multiplied by the rate'),
};

/**
 * AdaHessian: Adam whose second moment is that of a Hessian probe, x⁺ = x − η(m̂/(√v̂ᵏ + ε) + λx), v of (z∘Hz)².
 *
 * A probe costs about two gradients; `every: 10` makes that 0.2.
 * Source: Yao et al. 2021, algorithm 1.
 *
 * @example adahessian({ every: 10 })
 */
export function adahessian(options: AdahessianOptions = {}): Method {
  return method<AdahessianOptions>(
    'adahessian',
    adahessianOptions,
    options,
    ({ learningRate: eta, weightDecay: lambda, ...square }) => [
      scaleByCurvatureSquare(square),
      ...(lambda > 0 ? [weightDecay(lambda)] : []),
      learningRate(eta),
    ],
  );
}

/**
 * AdaHessian as published with the vision transformer of `race cifar10`, its error mended: no mean of gradients.
 *
 * @example adahessian(adahessianForVisionTransformer)
 */
export const adahessianForVisionTransformer = Object.freeze({
  learningRate: 0.015,
  beta1: 0,
  beta2: 0.999,
  epsilon: 1e-6,
} satisfies AdahessianOptions);

/**
 * The same with its error: the row sums H·1 taken for a probe of the diagonal.
 *
 * @example adahessian(adahessianAsPublished)
 */
export const adahessianAsPublished = Object.freeze({
  ...adahessianForVisionTransformer,
  probe: 'rowSums',
} satisfies AdahessianOptions);
