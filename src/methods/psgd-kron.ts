import type { OptionsOf } from '../algebra/option.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type WhiteningOptions, whitenByFactors, whiteningOptions } from '../transforms/whiten-by-factors.js';
import { type Method, method } from './method.js';

export interface PsgdKronOptions extends WhiteningOptions {
  /** η. */
  learningRate?: number | Schedule;
}

export const psgdKronOptions: OptionsOf<PsgdKronOptions> = { learningRate: rate(0.001), ...whiteningOptions };

/**
 * PSGD-Kron: W⁺ = W − η·P·m̂ with P = QᵀQ and Q = Q₁ ⊗ Q₂ ⊗ … fitted to E[gᵀPg] + tr P⁻¹ by steps in the group of
 * triangular matrices, so that P whitens the gradients: no square root, no inverse root, no ε.
 *
 * Source: Li 2018; Pooladzandi and Li 2024.
 *
 * @example psgdKron({ learningRate: 0.001, every: 10 })
 */
export function psgdKron(options: PsgdKronOptions = {}): Method {
  return method<PsgdKronOptions>(
    'psgdKron',
    psgdKronOptions,
    options,
    ({ learningRate: eta, ...whitening }) => [whitenByFactors(whitening), learningRate(eta)],
  );
}
