import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import { type FisherScaleOptions, fisherScaleOptions, scaleByFisher } from '../transforms/scale-by-fisher.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface FisherAdamOptions extends FisherScaleOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const fisherAdamOptions: OptionsOf<FisherAdamOptions> = {
  learningRate: rate(0.03),
  ...fisherScaleOptions,
};

/**
 * Adam with the proper Fisher matrix: x⁺ = x − η·m̂/(v̂ᵖ + ε), with v̂ the running diagonal of the Fisher matrix under
 * labels drawn from the model, where Adam has the squared gradient.
 *
 * `exponent: 1` makes it the natural gradient of that diagonal, ε its damping. A step costs about one gradient more.
 * Source: Amari 1998; Martens 2020, section 11.
 *
 * @example fisherAdam({ exponent: 1, epsilon: 0.1, learningRate: 0.1 })
 */
export function fisherAdam(options: FisherAdamOptions = {}): Method {
  return method<FisherAdamOptions>(
    'fisherAdam',
    fisherAdamOptions,
    options,
    ({ learningRate: eta, ...fisher }) => [scaleByFisher(fisher), learningRate(eta)],
  );
}

/**
 * Adam with the proper Fisher matrix as published with the vision transformer of `race cifar10`, its error mended: no
 * mean of gradients, ε 0.01.
 *
 * @example fisherAdam(fisherAdamForVisionTransformer)
 */
export const fisherAdamForVisionTransformer = Object.freeze({
  learningRate: 0.0001,
  beta1: 0,
  beta2: 0.999,
  epsilon: 0.01,
} satisfies FisherAdamOptions);

/**
 * The same with its error: the square of the batch's mean gradient under sampled labels, diag F/T, for diag F, so that
 * the root is √T too small and steps as much too long.
 *
 * @example fisherAdam(fisherAdamAsPublished)
 */
export const fisherAdamAsPublished = Object.freeze({
  ...fisherAdamForVisionTransformer,
  estimate: 'batchAsPublished',
} satisfies FisherAdamOptions);
