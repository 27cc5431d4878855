import { number, type OptionsOf } from '../algebra/option.js';
import { interpolatedMomentum } from '../transforms/interpolated-momentum.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import {
  previousMeanSquareOptions,
  scaleByPreviousMeanSquare,
} from '../transforms/scale-by-previous-mean-square.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface AdoptOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the mean square, in [0, 1). */
  beta2?: number;
  /** ε ≥ 0, the least divisor. */
  epsilon?: number;
}

export const adoptOptions: OptionsOf<AdoptOptions> = {
  learningRate: rate(0.003),
  beta1: number(0.9, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: previousMeanSquareOptions.beta,
  epsilon: previousMeanSquareOptions.epsilon,
};

/**
 * ADOPT: Adam that divides by the mean square before it has seen the newest gradient, and takes the mean after:
 * m ← β₁m + (1 − β₁)·clip(∇f(x)/max(√v, ε), ±t^¼), x⁺ = x − ηm, then v ← β₂v + (1 − β₂)∇f(x)².
 *
 * It converges for every β₂. The first step is 0: it only sets v = ∇f(x₀)².
 * Source: Taniguchi et al. 2024, algorithm 2.
 *
 * @example adopt({ learningRate: 0.003 })
 */
export function adopt(options: AdoptOptions = {}): Method {
  return method<AdoptOptions>(
    'adopt',
    adoptOptions,
    options,
    ({ learningRate: eta, beta1, beta2, epsilon }) => [
      scaleByPreviousMeanSquare({ beta: beta2, epsilon }),
      interpolatedMomentum({ beta1, beta2: beta1 }),
      learningRate(eta),
    ],
  );
}
