import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { preconditionByRoots, type RootsOptions, rootsOptions } from '../transforms/precondition-by-roots.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface ShampooOptions extends RootsOptions {
  /** η, the grafted method's. */
  learningRate?: number | Schedule;
}

export const shampooOptions: OptionsOf<ShampooOptions> = { learningRate: rate(0.003), ...rootsOptions };

/**
 * Shampoo: W⁺ = W − η·L^(−¼)·M·R^(−¼), with running means L of GGᵀ, R of GᵀG and M of G; for a tensor of order q one
 * factor a side, with exponent −1/2q.
 *
 * As it comes, each block's step has the length of Adam's, so that Adam's rate fits it.
 * Source: Gupta, Koren and Singer 2018, algorithms 1 and 2; Anil et al. 2020; Shi et al. 2023.
 *
 * @example shampoo({ learningRate: 0.003, every: 10 })
 */
export function shampoo(options: ShampooOptions = {}): Method {
  return method<ShampooOptions>('shampoo', shampooOptions, options, ({ learningRate: eta, ...roots }) => [
    preconditionByRoots(roots),
    learningRate(eta),
  ]);
}

/**
 * Shampoo as published with the vision transformer of `race cifar10`: no mean of gradients, no grafting, exponent −¼
 * a side, a ridge of 10⁻⁶ times the largest eigenvalue, roots by coupled Newton at every step, vectors by a diagonal.
 *
 * @example shampoo(shampooForVisionTransformer)
 */
export const shampooForVisionTransformer = Object.freeze({
  learningRate: 0.002,
  beta1: 0,
  beta2: 0.999,
  epsilon: 1e-6,
  every: 1,
  block: 1024,
  graft: 'none',
  root: 'newton',
} satisfies ShampooOptions);
