import { Random } from '../../src/index.js';
import type { DenseModel } from '../subjects/dense-model.js';
import { type Naive, naiveSubject, option } from './naive.js';

export interface FisherAdamParts {
  /** The estimate made at step t. */
  readonly estimate?: (model: DenseModel, how: string, t: number) => number[];
  readonly correct?: (beta: number, count: number, steps: number) => number;
}

/** Adam with diag F in place of the squared gradient, F exact or from labels drawn for the batch or for its examples. */
export function naiveFisherAdam(options: Record<string, unknown>, parts: FisherAdamParts = {}): Naive {
  const eta = option(options, 'learningRate', 0.03);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option(options, 'beta2', 0.999);
  const epsilon = option(options, 'epsilon', 0.01);
  const exponent = option(options, 'exponent', 0.5);
  const every = option(options, 'every', 1);
  const how = option(options, 'estimate', 'batch');
  const { estimate = diagonalOf, correct = (beta: number, count: number) => 1 - beta ** count } = parts;
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0), [0]],
    step(_, g, [m, v, [made]], t, __, model) {
      const fresh = (t - 1) % every === 0;
      const f = fresh ? estimate(model!, how, t) : undefined;
      const count = made + (fresh ? 1 : 0);
      const mean = g.map((gi, i) => beta1 * m[i] + (1 - beta1) * gi);
      const diagonal = f === undefined ? [...v] : v.map((vi, i) => beta2 * vi + (1 - beta2) * f[i]);
      const update = mean.map((mi, i) => {
        const scale = (diagonal[i] / correct(beta2, count, t)) ** exponent + epsilon;
        return (-eta * (mi / correct(beta1, t, t))) / scale;
      });
      return { update, rows: [mean, diagonal, [count]] };
    },
  };
}

export function diagonalOf(model: DenseModel, how: string, t: number): number[] {
  if (how === 'exact') return quadratic(model, model.curvature);
  const residual = model.sampledResidual(new Random(t).fork('labels'));
  if (how === 'examples') {
    const parts = partsOf(model, residual);
    return parts[0].map((_, i) => model.terms * parts.reduce((sum, part) => sum + part[i] ** 2, 0));
  }
  const scale = how === 'batch' ? model.terms : 1;
  return sentBack(model, residual).map((g) => scale * g * g);
}

/** The diagonal of JᵀMJ. */
export function quadratic({ jacobian, outputs }: DenseModel, matrix: Float64Array): number[] {
  const m = outputs.length;
  const n = jacobian.length / m;
  return Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < m; k++) {
      for (let l = 0; l < m; l++) sum += jacobian[k * n + i] * matrix[k * m + l] * jacobian[l * n + i];
    }
    return sum;
  });
}

/** Jᵀu. */
export function sentBack({ jacobian, outputs }: DenseModel, u: ArrayLike<number>): number[] {
  const n = jacobian.length / outputs.length;
  return Array.from({ length: n }, (_, i) =>
    outputs.reduce((sum, _z, k) => sum + u[k] * jacobian[k * n + i], 0),
  );
}

/** What each example alone sends back. */
export function partsOf(model: DenseModel, u: Float64Array): number[][] {
  const size = u.length / model.examples;
  return Array.from({ length: model.examples }, (_, e) =>
    sentBack(
      model,
      u.map((uk, k) => (Math.floor(k / size) === e ? uk : 0)),
    ),
  );
}

/** H = diag p − ppᵀ over all outputs of the batch at once: an error in print. */
export function flattenedSoftmax({ outputs, terms }: DenseModel): Float64Array {
  const [m, width] = [outputs.length, outputs.length / terms];
  const p = outputs.map((z, k) => {
    const begin = k - (k % width);
    return Math.exp(z) / outputs.subarray(begin, begin + width).reduce((sum, zj) => sum + Math.exp(zj), 0);
  });
  return Float64Array.from({ length: m * m }, (_, at) => {
    const [k, l] = [Math.floor(at / m), at % m];
    return ((k === l ? p[k] : 0) - p[k] * p[l]) / terms;
  });
}

export const fisherAdamOracle = naiveSubject('fisherAdam', (options) => naiveFisherAdam(options));
