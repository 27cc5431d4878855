import { SavedArray } from '../../src/index.js';
import { type Svd, svd } from '../../src/linalg/index.js';
import { claims } from '../subjects/claims.js';
import type { Optimizer, OptimizerSubject } from '../subjects/subject.js';
import { naiveAdam } from './adam.js';
import { option, type Rows } from './naive.js';

type Rounds = readonly (readonly [number, number, number])[];

/** The quintics as printed: Jordan et al. 2024; Ahn et al. 2025; Amsel et al. 2025, with their safety of 1.01. */
export const printedRounds: Readonly<Record<string, Rounds>> = {
  standard: [1, 2, 3, 4, 5].map(() => [3.4445, -4.775, 2.0315] as const),
  dion: [
    [4.0848, -6.8946, 2.927],
    [3.9505, -6.3029, 2.6377],
    [3.7418, -5.5913, 2.3037],
    [2.8769, -3.1427, 1.2046],
    [2.8366, -3.0525, 1.2012],
  ],
  polarExpress: [
    ...[
      [8.28721201814563, -23.595886519098837, 17.300387312530933],
      [4.107059111542203, -2.9478499167379106, 0.5448431082926601],
      [3.9486908534822946, -2.908902115962949, 0.5518191394370137],
      [3.3184196573706015, -2.488488024314874, 0.51004894012372],
      [2.300652019954817, -1.6689039845747493, 0.4188073119525673],
      [1.891301407787398, -1.2679958271945868, 0.37680408948524835],
      [1.8750014808534479, -1.2500016453999487, 0.3750001645474248],
    ].map(([a, b, c]) => [a / 1.01, b / 1.01 ** 3, c / 1.01 ** 5] as const),
    [1.875, -1.25, 0.375],
  ],
};

/** What a singular value becomes. */
export function carried(rounds: Rounds, singular: number): number {
  return rounds.reduce((s, [a, b, c]) => a * s + b * s ** 3 + c * s ** 5, singular);
}

/** c, of a matrix [inputs, outputs]. */
export function lengthOf(scale: string, inputs: number, outputs: number): number {
  return scale === 'rms'
    ? 0.2 * Math.sqrt(Math.max(inputs, outputs))
    : Math.sqrt(Math.max(1, outputs / inputs));
}

/** What a mutant may have wrong. */
export interface MuonMistake {
  /** U p(Σ) Vᵀ of a matrix m × n. */
  readonly polar?: (u: readonly number[], m: number, n: number, rounds: Rounds) => number[];
  readonly length?: (scale: string, inputs: number, outputs: number) => number;
  /** What is orthogonalized, of the old mean, the new one and the gradient. */
  readonly blend?: (before: number, after: number, g: number, beta: number, t: number) => number;
  readonly merged?: () => boolean;
  /** The mean squares that a neuron is divided by, and whether the norm is kept. */
  readonly neurons?: (x: readonly number[], m: number, n: number) => number[];
  readonly keepsNorm?: boolean;
}

/** The singular value decomposition of a matrix that is finite. */
export function decomposed(x: ArrayLike<number>, m: number, n: number): Svd {
  const made = svd(Float64Array.from(x), m, n);
  if (made.kind !== 'decomposed')
    throw new Error(`decomposed(x): expected a finite matrix, got ${made.kind}`);
  return made;
}

/** U p(Σ/‖Σ‖) Vᵀ by the singular value decomposition: the products' sum, without the products. */
export function polarBySvd(x: readonly number[], m: number, n: number, rounds: Rounds): number[] {
  const norm = Math.sqrt(x.reduce((total, entry) => total + entry * entry, 0));
  if (norm === 0) return x.map(() => 0);
  const { u, values, v } = decomposed(x, m, n);
  const k = Math.min(m, n);
  return x.map((_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let total = 0;
    for (let l = 0; l < k; l++) total += u[i * k + l] * carried(rounds, values[l] / norm) * v[j * k + l];
    return total;
  });
}

function meanSquaresOfColumns(x: readonly number[], m: number, n: number): number[] {
  return Array.from({ length: n }, (_, j) => {
    let total = 0;
    for (let i = 0; i < m; i++) total += x[i * n + j] ** 2;
    return total / m;
  });
}

interface MuonState {
  readonly t: number;
  readonly leaves: readonly Rows[];
}

/** Muon, or NorMuon, over arrays with shapes: matrices and kernels orthogonalized, the rest by AdamW. */
export function naiveMuon(
  options: Record<string, unknown>,
  normalizes: boolean,
  mistake: MuonMistake = {},
): Optimizer {
  const eta = option(options, 'learningRate', 0.01);
  const beta = option(options, 'beta', 0.95);
  const scale = option(options, 'scale', 'spectral');
  const rounds = printedRounds[option(options, 'coefficients', 'standard')];
  const decay = option(options, 'weightDecay', 0);
  const memory = option(options, 'neuronMemory', 0.95);
  const ratio = option(options, 'adamRatio', 0.3);
  const adam = naiveAdam(
    { beta2: 0.95, epsilon: 1e-10, ...options, exponent: 0.5, learningRate: eta * ratio },
    0,
  );
  const {
    polar = polarBySvd,
    length = lengthOf,
    blend = (_, after, g, b) => b * after + (1 - b) * g,
    merged = option(options, 'merged', () => false) as (path: string, shape: readonly number[]) => boolean,
    neurons = meanSquaresOfColumns,
    keepsNorm = true,
  } = mistake;

  function orthogonalized(
    shape: readonly number[],
    g: readonly number[],
    rows: Rows,
    path: string,
    t: number,
  ) {
    const width = shape[shape.length - 1];
    const m = g.length === 0 ? 0 : g.length / width;
    const [mean, square] = rows;
    const next = g.map((gi, i) => beta * mean[i] + (1 - beta) * gi);
    const u = g.map((gi, i) => blend(mean[i], next[i], gi, beta, t));
    const pieces = merged(path, shape) ? 3 : 1;
    const n = width / pieces;
    let x = g.map(() => 0);
    for (let piece = 0; piece < pieces && m > 0; piece++) {
      const at = (i: number, j: number) => i * width + piece * n + j;
      const cut = Array.from({ length: m * n }, (_, k) => u[at(Math.floor(k / n), k % n)]);
      polar(cut, m, n, rounds).forEach((entry, k) => {
        x[at(Math.floor(k / n), k % n)] = length(scale, m, n) * entry;
      });
    }
    let squares = square;
    if (normalizes && m > 0) {
      const before = Math.hypot(...x);
      const seen = neurons(x, m, width);
      squares = square.map((v, j) => memory * v + (1 - memory) * seen[j]);
      x = x.map((entry, k) => entry / (Math.sqrt(squares[k % width]) + 1e-8));
      const after = Math.hypot(...x);
      if (keepsNorm && after > 0) x = x.map((entry) => (entry * before) / after);
    }
    return { direction: x, rows: [next, squares] };
  }

  return {
    init: (parameters): MuonState => ({
      t: 0,
      leaves: parameters.map(({ shape, data }) => {
        const zeros = () => [...data].map(() => 0);
        if (shape.length < 2) return [zeros(), zeros()];
        return [zeros(), Array.from({ length: shape[shape.length - 1] }, () => 0)];
      }),
    }),
    step(state, { parameters, gradient }) {
      const { t, leaves } = state as MuonState;
      const made = parameters.map(({ shape, data }, leaf) => {
        const [x, g] = [[...data], [...gradient[leaf].data]];
        if (shape.length < 2) {
          const { update, rows } = adam.step(x, g, leaves[leaf], t + 1);
          return { rows, update: update.map((u, i) => u - eta * decay * x[i]) };
        }
        const { direction, rows } = orthogonalized(shape, g, leaves[leaf], String(leaf), t + 1);
        return { rows, update: direction.map((u, i) => -eta * (u + decay * x[i])) };
      });
      return {
        update: made.map(
          ({ update }, leaf) => new SavedArray(parameters[leaf].shape, Float64Array.from(update)),
        ),
        state: { t: t + 1, leaves: made.map(({ rows }) => rows) },
      };
    },
    save: (state) => structuredClone(state),
    restore: (saved) => structuredClone(saved),
  };
}

function muonSubject(method: string, normalizes: boolean): OptimizerSubject {
  return {
    kind: 'optimizer',
    name: `${method} (by singular values)`,
    method,
    epsilon: 2 ** -52,
    claims: [...(claims[method] ?? []), 'A'],
    create: (options) => naiveMuon(options as Record<string, unknown>, normalizes),
    scope: (body) => body(),
  };
}

/** Muon (Jordan et al. 2024) by singular value decompositions. */
export const muonOracle = muonSubject('muon', false);

/** NorMuon (Li et al. 2025, algorithm 1) by singular value decompositions. */
export const normuonOracle = muonSubject('normuon', true);
