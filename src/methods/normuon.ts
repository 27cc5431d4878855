import { number, type OptionsOf } from '../algebra/option.js';
import { normalizeNeurons } from '../transforms/normalize-neurons.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';
import { type MuonOptions, muonOptions, muonParts } from './muon.js';

export interface NormuonOptions extends MuonOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** The memory of the mean squares of neurons, in [0, 1). */
  neuronMemory?: number;
}

export const normuonOptions: OptionsOf<NormuonOptions> = {
  ...muonOptions,
  learningRate: rate(0.01),
  neuronMemory: number(0.95, '[0, 1)', 'the memory of the mean squares of neurons'),
};

/**
 * NorMuon: Muon whose orthogonalized update is divided, neuron by neuron, by the root of the running mean of its
 * squares, and brought back to its norm.
 *
 * Published with `scale: 'rms'`, η of AdamW, `adamRatio` 1 and λ = 0.1.
 * Source: Li et al. 2025, algorithm 1.
 *
 * @example normuon({ learningRate: 0.01, neuronMemory: 0.95 })
 */
export function normuon(options: NormuonOptions = {}): Method {
  return method<NormuonOptions>('normuon', normuonOptions, options, ({ neuronMemory, ...muon }) =>
    muonParts(muon, normalizeNeurons({ beta: neuronMemory })),
  );
}
