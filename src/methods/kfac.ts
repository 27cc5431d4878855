import { number, type OptionsOf } from '../algebra/option.js';
import { clipByKl } from '../transforms/clip-by-kl.js';
import {
  type KroneckerCurvatureOptions,
  kroneckerCurvature,
  kroneckerCurvatureOptions,
} from '../transforms/kronecker-curvature.js';
import { learningRate as learningRateOf } from '../transforms/learning-rate.js';
import { momentum } from '../transforms/momentum.js';
import { precondition } from '../transforms/precondition.js';
import {
  type QuadraticStepsOptions,
  quadraticSteps,
  quadraticStepsOptions,
} from '../transforms/quadratic-steps.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { weightAverage } from '../transforms/weight-average.js';
import { type Method, method } from './method.js';

export interface KfacOptions extends KroneckerCurvatureOptions, QuadraticStepsOptions {
  /** ξ, the memory of a running mean of the parameters, which is what to evaluate and keep; 0 for none. */
  average?: number;
}

export const kfacOptions: OptionsOf<KfacOptions> = {
  ...kroneckerCurvatureOptions,
  ...quadraticStepsOptions,
  average: number(
    0.8,
    '[0, 1)',
    'ξ, the memory of a running mean of the parameters, to be evaluated; 0 for none',
  ),
};

/** The first parameters are far from all that follow: until then the mean is the newest ones. */
const beforeAverage = 10;

/**
 * K-FAC: the natural gradient with a Kronecker product A ⊗ G for each layer's Fisher matrix, rate and momentum from
 * the exact quadratic model, and a damping that follows how well the model foretells the loss.
 *
 * No rate is to be tuned. `form: 'exact'` adds the damping in the eigenbasis, `form: 'corrected'` is EKFAC. Parameters of
 * no layer have a diagonal block; {@link routing} tells which. With a `delay` the factors are inverted beside the steps
 * where the pipeline has a thread for it, `lifted(kfac({ delay: 5 }), { thread: linalgThread })`; without one the run is
 * the same to the bit, and no quicker. With `average` the steps are the same, and their running mean x̄ ← ξx̄ + (1 − ξ)x⁺
 * is kept beside them, of less noise of the batches: evaluate it (`evaluate({ of: 'average' })`; races do). Where only the
 * last parameters count, `average: 0` saves an array of each.
 * Source: Martens and Grosse 2015; section 13 for the mean.
 *
 * @example kfac({ damping: 0.1, inversesEvery: 10, average: 0.9 })
 */
export function kfac(options: KfacOptions = {}): Method {
  return method<KfacOptions>('kfac', kfacOptions, options, (all) => {
    const {
      damping,
      calibrate,
      burnIn,
      leastDamping,
      decay,
      adaptEvery,
      momentum: withMomentum,
      average,
      ...curvature
    } = all;
    return [
      quadraticSteps(kroneckerCurvature(curvature), {
        damping,
        calibrate,
        burnIn,
        leastDamping,
        decay,
        adaptEvery,
        momentum: withMomentum,
      }),
      ...(average > 0 ? [weightAverage({ beta: average, warmup: beforeAverage })] : []),
    ];
  });
}

export interface KfacFixedOptions extends KroneckerCurvatureOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** λ. */
  damping?: number;
  /** The memory of the velocity. */
  beta?: number;
  /** The most that a step of rate 1, without momentum, may change the outputs' distribution. */
  mostKl?: number;
}

export const kfacFixedOptions: OptionsOf<KfacFixedOptions> = {
  learningRate: rate(0.1),
  damping: number(0.1, '(0, ∞)', 'λ, what is added to the curvature'),
  beta: number(0.9, '[0, 1)', 'β, the memory of the velocity'),
  mostKl: number(0.1, '(0, ∞)', 'the most that a step of rate 1 may change the outputs’ distribution'),
  ...kroneckerCurvatureOptions,
};

/**
 * K-FAC at its cheapest: constant rate and damping, momentum, and a clip of the change of the outputs' distribution;
 * most of its steps, between the refreshes, cost two small products a layer more than those of momentum.
 *
 * Source: Ba, Grosse and Martens 2017, section 5.
 *
 * @example kfacFixed({ learningRate: 0.1, damping: 0.1, statisticsEvery: 10, inversesEvery: 20 })
 */
export function kfacFixed(options: KfacFixedOptions = {}): Method {
  return method<KfacFixedOptions>('kfacFixed', kfacFixedOptions, options, (all) => {
    const { learningRate, damping, beta, mostKl, ...curvature } = all;
    return [
      precondition(kroneckerCurvature(curvature), { damping }),
      clipByKl(mostKl),
      momentum(beta),
      learningRateOf(learningRate),
    ];
  });
}
