import type { AdanOptions } from './adan.js';
import type { AdoptOptions } from './adopt.js';
import type { LionOptions } from './lion.js';
import type { MuonOptions } from './muon.js';
import type { PsgdKronOptions } from './psgd-kron.js';
import type { ScheduleFreeAdamwOptions } from './schedule-free-adamw.js';

/**
 * What their authors publish, where our defaults, tuned on a perceptron on MNIST, are others: each from the authors'
 * code.
 *
 * `psgdKron` moves its factors at 500 steps and then at one in 33, where the authors' code draws with a probability that
 * falls from 1 to 0.03.
 * `moonlight` is Muon with the length by which one rate, AdamW's, and one decay serve all parameters (Liu et al. 2025).
 *
 * @example muon(publishedOptions.moonlight)
 */
export const publishedOptions = {
  lion: { learningRate: 0.0001 },
  adan: { learningRate: 0.001 },
  adopt: { learningRate: 0.001 },
  scheduleFreeAdamw: { learningRate: 0.0025 },
  psgdKron: {
    learningRate: 0.0003,
    factorRate: 0.1,
    warmup: 500,
    every: 33,
    longest: 8192,
    initial: 1,
    probe: 'normal',
  },
  muon: { learningRate: 0.02, adamRatio: 0.015 },
  moonlight: { learningRate: 0.001, scale: 'rms', adamRatio: 1, weightDecay: 0.1 },
} as const satisfies {
  lion: LionOptions;
  adan: AdanOptions;
  adopt: AdoptOptions;
  scheduleFreeAdamw: ScheduleFreeAdamwOptions;
  psgdKron: PsgdKronOptions;
  muon: MuonOptions;
  moonlight: MuonOptions;
};
