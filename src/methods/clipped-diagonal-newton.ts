import { number, type OptionsOf } from '../algebra/option.js';
import { clipByValue } from '../transforms/clip-by-value.js';
import { learningRate } from '../transforms/learning-rate.js';
import { rate } from '../transforms/rate.js';
import {
  type CurvatureDiagonalOptions,
  curvatureDiagonalOptions,
  scaleByCurvatureDiagonal,
} from '../transforms/scale-by-curvature-diagonal.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface ClippedDiagonalNewtonOptions extends CurvatureDiagonalOptions {
  /** η. */
  learningRate?: number | Schedule;
  /** c: no entry moves by more than ηc. */
  mostUpdate?: number;
}

export const clippedDiagonalNewtonOptions: OptionsOf<ClippedDiagonalNewtonOptions> = {
  learningRate: rate(0.03),
  ...curvatureDiagonalOptions,
  mostUpdate: number(0.5, '(0, ∞)', 'c: no entry moves by more than ηc'),
};

/**
 * Diagonal Newton for training: x⁺ = x − η·clip(g/clip(h, least, most), ±c), with h a running estimate of the Hessian's
 * diagonal.
 *
 * Source: Becker and LeCun 1988.
 *
 * @example clippedDiagonalNewton({ every: 10 })
 */
export function clippedDiagonalNewton(options: ClippedDiagonalNewtonOptions = {}): Method {
  return method<ClippedDiagonalNewtonOptions>(
    'clippedDiagonalNewton',
    clippedDiagonalNewtonOptions,
    options,
    ({ learningRate: eta, mostUpdate, ...diagonal }) => [
      scaleByCurvatureDiagonal(diagonal),
      clipByValue(mostUpdate),
      learningRate(eta),
    ],
  );
}

/**
 * Diagonal Newton as published with the vision transformer of `race cifar10`, its error mended: curvature clipped to
 * [0.5, 3], updates to ±0.5.
 *
 * @example clippedDiagonalNewton(diagonalNewtonForVisionTransformer)
 */
export const diagonalNewtonForVisionTransformer = Object.freeze({
  learningRate: 0.01,
  memory: 0,
  least: 0.5,
  most: 3,
  mostUpdate: 0.5,
} satisfies ClippedDiagonalNewtonOptions);

/**
 * The same with its error: the row sums H·1 taken for the diagonal of H.
 *
 * @example clippedDiagonalNewton(clippedDiagonalNewtonAsPublished)
 */
export const clippedDiagonalNewtonAsPublished = Object.freeze({
  ...diagonalNewtonForVisionTransformer,
  diagonal: 'rowSums',
} satisfies ClippedDiagonalNewtonOptions);
