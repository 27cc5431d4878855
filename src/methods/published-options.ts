import type { AdanOptions } from './adan.js';
import type { AdoptOptions } from './adopt.js';
import type { LionOptions } from './lion.js';
import type { MuonOptions } from './muon.js';
import type { ScheduleFreeAdamwOptions } from './schedule-free-adamw.js';

/**
 * What their authors publish, where our defaults, tuned on a perceptron on MNIST, are others: each from the authors'
 * code.
 *
 * `moonlight` is Muon with the length by which one rate, AdamW's, and one decay serve all parameters (Liu et al. 2025).
 *
 * @example muon(publishedOptions.moonlight)
 */
export const publishedOptions = {
  lion: { learningRate: 0.0001 },
  adan: { learningRate: 0.001 },
  adopt: { learningRate: 0.001 },
  scheduleFreeAdamw: { learningRate: 0.0025 },
  muon: { learningRate: 0.02, adamRatio: 0.015 },
  moonlight: { learningRate: 0.001, scale: 'rms', adamRatio: 1, weightDecay: 0.1 },
} as const satisfies {
  lion: LionOptions;
  adan: AdanOptions;
  adopt: AdoptOptions;
  scheduleFreeAdamw: ScheduleFreeAdamwOptions;
  muon: MuonOptions;
  moonlight: MuonOptions;
};
