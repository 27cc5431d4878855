import { number, type OptionsOf, workedOut } from '../algebra/option.js';
import {
  type FisherCurvatureOptions,
  fisherCurvature,
  fisherCurvatureOptions,
} from '../transforms/fisher-curvature.js';
import { learningRate } from '../transforms/learning-rate.js';
import { precondition } from '../transforms/precondition.js';
import {
  type QuadraticStepsOptions,
  quadraticSteps,
  quadraticStepsOptions,
} from '../transforms/quadratic-steps.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface NaturalGradientOptions extends FisherCurvatureOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** λ, what is added to the Fisher matrix. */
  damping?: number;
}

export const naturalGradientOptions: OptionsOf<NaturalGradientOptions> = {
  learningRate: rate(0.3),
  damping: workedOut(
    number(0.1, '[0, ∞)', 'λ, what is added to the Fisher matrix'),
    'with one row an example, ‘sampled’ or ‘signs’, 1, else 0.1',
  ),
  ...fisherCurvatureOptions,
};

/**
 * The natural gradient: x⁺ = x − η(F + λI)⁻¹g, F the Fisher matrix of the batch: exact, from sampled labels, by random
 * signs or the empirical one; solved with by conjugate gradients, by low rank or as a dense matrix.
 *
 * With `fisher: 'exact'` it is the Gauss–Newton method of a step's batch. Undamped it does not depend on linear
 * coordinates. What of the gradient its rows do not span is stepped at η/λ, the rate of a gradient descent. The rows of
 * 'exact' and 'empirical' span it all, one row an example under other labels does not: by as much must λ be larger,
 * however it is solved with; {@link batchGaussNewton} finds it by itself.
 * Source: Amari 1998; Martens 2020.
 *
 * @example naturalGradient({ fisher: 'sampled', by: 'lowRank' })
 */
export function naturalGradient(options: NaturalGradientOptions = {}): Method {
  return method<NaturalGradientOptions>(
    'naturalGradient',
    naturalGradientOptions,
    options.damping === undefined ? { ...options, damping: usualDamping(options) } : options,
    ({ learningRate: eta, damping, ...fisher }) => [
      precondition(fisherCurvature(fisher), { damping }),
      learningRate(eta),
    ],
  );
}

function usualDamping({ fisher }: NaturalGradientOptions): number {
  return fisher === 'sampled' || fisher === 'signs' ? 1 : 0.1;
}

/**
 * Gauss–Newton as published with the vision transformer of `race cifar10` for batches of 32, its error mended: exact by
 * its low rank, damping 0.8 on sums over the batch.
 *
 * @example naturalGradient(gaussNewtonForVisionTransformer)
 */
export const gaussNewtonForVisionTransformer = Object.freeze({
  learningRate: 0.01,
  damping: 0.025,
  fisher: 'exact',
  by: 'lowRank',
} satisfies NaturalGradientOptions);

/**
 * The same with its error: the softmax curvature diag p − ppᵀ over all outputs of the batch as one vector.
 *
 * @example naturalGradient(gaussNewtonAsPublished)
 */
export const gaussNewtonAsPublished = Object.freeze({
  ...gaussNewtonForVisionTransformer,
  fisher: 'flattenedSoftmax',
} satisfies NaturalGradientOptions);

export interface BatchGaussNewtonOptions extends FisherCurvatureOptions, QuadraticStepsOptions {}

export const batchGaussNewtonOptions: OptionsOf<BatchGaussNewtonOptions> = {
  ...fisherCurvatureOptions,
  ...quadraticStepsOptions,
};

/**
 * Gauss–Newton for training: the direction −(G + λI)⁻¹g with the Gauss–Newton matrix G of the batch, exact or sampled,
 * rate and momentum from the exact quadratic model, and a damping that follows how well the model foretells the loss.
 *
 * No rate is to be tuned: where the rank is low and λ small, what the rows do not span makes steps too long, and the
 * batch after raises λ. `by: 'lowRank'` has rank batch × outputs, with `fisher: 'sampled'` rank batch.
 * Source: Martens and Grosse 2015, sections 6 and 7; Ren and Goldfarb 2019 (low rank).
 *
 * @example batchGaussNewton({ fisher: 'sampled', by: 'lowRank' })
 */
export function batchGaussNewton(options: BatchGaussNewtonOptions = {}): Method {
  return method<BatchGaussNewtonOptions>(
    'batchGaussNewton',
    batchGaussNewtonOptions,
    options,
    ({ fisher, by, tolerance, iterations, ...steps }) => [
      quadraticSteps(fisherCurvature({ fisher, by, tolerance, iterations }), steps),
    ],
  );
}
