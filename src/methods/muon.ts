import { number, type OptionsOf } from '../algebra/option.js';
import { chain } from '../transforms/chain.js';
import { grouped } from '../transforms/grouped.js';
import { interpolatedMomentum } from '../transforms/interpolated-momentum.js';
import { learningRate } from '../transforms/learning-rate.js';
import {
  type OrthogonalizeOptions,
  orthogonalize,
  orthogonalizeOptions,
} from '../transforms/orthogonalize.js';
import { rate } from '../transforms/rate.js';
import { scale } from '../transforms/scale.js';
import { scaleByMoments } from '../transforms/scale-by-moments.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Selection, selection, selector } from '../transforms/selection.js';
import type { Transform } from '../transforms/transform.js';
import { weightDecay } from '../transforms/weight-decay.js';
import { type Method, method } from './method.js';
import { onSelected } from './on-selected.js';

export interface MuonOptions extends OrthogonalizeOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** β, the memory of the mean gradient, in [0, 1). */
  beta?: number;
  /** Which parameters are orthogonalized, by path and shape; AdamW moves the rest. */
  orthogonalized?: Selection;
  /** The rate of AdamW over η. */
  adamRatio?: number;
  /** β₁ of AdamW, in [0, 1). */
  beta1?: number;
  /** β₂ of AdamW, in [0, 1). */
  beta2?: number;
  /** ε of AdamW, ≥ 0. */
  epsilon?: number;
  /** λ ≥ 0: the decoupled decay of all. */
  weightDecay?: number;
  /** Which parameters decay; biases and norms usually should not. */
  decayed?: Selection;
}

/**
 * Matrices and kernels that are no embedding and no head, going by their names: what a table looks up and what makes
 * the outputs has rows that mean something each by itself, and is better moved entry by entry.
 */
export function hiddenMatrices(path: string, shape: readonly number[]): boolean {
  return shape.length >= 2 && !/embed|head|logits|classifier|readout|output/i.test(path);
}

export const muonOptions: OptionsOf<MuonOptions> = {
  learningRate: rate(0.01),
  beta: number(0.95, '[0, 1)', 'β, the memory of the mean gradient'),
  ...orthogonalizeOptions,
  orthogonalized: selection('which parameters are orthogonalized; AdamW moves the rest', hiddenMatrices),
  adamRatio: number(0.3, '[0, ∞)', 'the rate of AdamW over η'),
  beta1: number(0.9, '[0, 1)', 'β₁ of AdamW'),
  beta2: number(0.95, '[0, 1)', 'β₂ of AdamW'),
  epsilon: number(1e-10, '[0, ∞)', 'ε of AdamW, added beside the root'),
  weightDecay: number(0, '[0, ∞)', 'λ, the strength of the decay'),
  decayed: selection('which parameters decay'),
};

/**
 * Muon: steps of the orthogonalized mean gradient. With m⁺ = βm + (1 − β)∇f(x) and βm⁺ + (1 − β)∇f(x) = UΣVᵀ,
 * x⁺ = x − η(c·UVᵀ + λx) for the hidden matrices; biases, norms, embeddings and heads take AdamW's steps.
 *
 * Which parameter goes where is `orthogonalized`, a selection of path and shape; c is the length that
 * {@link orthogonalize} tells of. Published with η = 0.02, `adamRatio` 0.015 and λ = 0; with `scale: 'rms'`, η is
 * AdamW's, `adamRatio` 1 and λ = 0.1.
 * Source: Jordan et al. 2024; `scale: 'rms'`, Liu et al. 2025 (Moonlight), algorithm 1.
 *
 * @example muon({ learningRate: 0.01, orthogonalized: (path, shape) => shape.length === 2 && path !== 'layer3/kernel' })
 */
export function muon(options: MuonOptions = {}): Method {
  return method<MuonOptions>('muon', muonOptions, options, (chosen) => muonParts(chosen));
}

/** Muon's chain, with transforms between the orthogonalization and the rate. */
export function muonParts(
  {
    learningRate: eta,
    beta,
    coefficients,
    scale: length,
    merged,
    orthogonalized,
    adamRatio,
    beta1,
    beta2,
    epsilon,
    weightDecay: lambda,
    decayed,
  }: Required<MuonOptions>,
  ...after: readonly Transform[]
): readonly Transform[] {
  const selects = selector('muon', 'orthogonalized', orthogonalized);
  const route = (path: string, shape: readonly number[]) =>
    selects(path, shape) ? 'orthogonalized' : 'adamw';
  return [
    grouped(route, {
      orthogonalized: chain(
        interpolatedMomentum({ beta1: beta ** 2, beta2: beta }), // βm⁺ + (1 − β)u
        orthogonalize({ coefficients, scale: length, merged }),
        ...after,
      ),
      adamw: chain(scaleByMoments({ beta1, beta2, epsilon }), scale(adamRatio)),
    }),
    onSelected(weightDecay(lambda), decayed),
    learningRate(eta),
  ];
}
